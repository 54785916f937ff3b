// SPDX-License-Identifier: MIT
// Where a thread of another process sleeps, as the kernel tells: whether it has been woken from a condition wait and
// cannot get its mutex back is known to nobody else, since glibc takes it inside the wait.
// Any thread of the parent; the thread asked about must belong to a process of ours. Cost: one small file read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ravel::checks {

// False as well when the kernel does not say (no /proc, or tracing is not allowed here).
[[nodiscard]] bool sleeps_on_futex_in(std::int32_t tid, const void* begin, std::size_t bytes);

// The same, of the text of /proc/<tid>/syscall: "202 0x7f1c2c000b70 0x80 0x2 ...", or "running".
[[nodiscard]] bool is_futex_call_in(const std::string& text, const void* begin, std::size_t bytes);

}  // namespace ravel::checks
