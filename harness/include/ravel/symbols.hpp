// SPDX-License-Identifier: MIT
// Names for addresses, for checks that word their findings in the parent.
// One thread at a time; reads files and may start a symboliser: never in a hook, an event or a child's trial
// (capture_unwound_stack, is_runtime_symbols_descriptor and loads_so_far excepted).
#pragma once

#include <ravel/finding.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ravel {

// The variable of static storage at this address: "session_cache::lock_", "registry+0x28" inside a larger
// one; empty for heap and stack memory and for stripped modules. Cost: reads the module's symbol table once.
[[nodiscard]] std::string object_name(const void* address);

// True when the address lies in the data of a loaded module (static storage).
[[nodiscard]] bool is_static_storage(const void* address);

// The source frames at each return address, inlined ones first; empty where nothing is known.
[[nodiscard]] std::vector<std::vector<frame>> frames_at(const std::vector<std::uintptr_t>& return_addresses);

// The calling thread's stack by unwind tables, which lead through code built without frame pointers (libstdc++'s
// own functions). For threads about to block: some microseconds.
void capture_unwound_stack(raw_stack& stack) noexcept;

// A pipe to the symboliser that this process's sanitizer asks: none of the target's. Async-signal-safe.
[[nodiscard]] bool is_runtime_symbols_descriptor(int descriptor) noexcept;

// How often this process has loaded or unloaded a shared object: when it is the same as before, so are they.
// Cost: one call of dl_iterate_phdr.
[[nodiscard]] std::uint64_t loads_so_far() noexcept;

}  // namespace ravel
