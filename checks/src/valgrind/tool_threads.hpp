// SPDX-License-Identifier: MIT
// Which of the body's threads a Valgrind tool means by its number. DRD tells a thread its own; Helgrind and Memcheck
// count in order of creation, so the number is the rank among the kernel's ids. A name is given only where all
// threads of the process are known and none has two roles; else the finding says "a thread".
// Thread safety: note_thread on the thread itself; the rest on one thread, while the others are parked.
#pragma once

#include <ravel/site.hpp>
#include <ravel/thread_record.hpp>

#include <cstdint>
#include <string>

namespace ravel::checks::valgrind {

void note_thread(const thread_record& record) noexcept;
void forget_threads() noexcept;

struct tool_thread {
  std::string name;  // never empty
  site declared_at;  // where the body declares the thread; empty when not known
};
// tool: "helgrind", "drd", "memcheck".
[[nodiscard]] tool_thread thread_by_number(std::uint32_t number, const std::string& tool);

}  // namespace ravel::checks::valgrind
