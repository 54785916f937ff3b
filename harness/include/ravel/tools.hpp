// SPDX-License-Identifier: MIT
// What checks and the harness tell the race detectors in the process, and hide from them. Thread safety: any thread.
// Cost: nothing where no such tool is in use, but for one load.
#pragma once

#include <cstddef>
#include <vector>

namespace ravel {

// Happens-before edges told to the tool in use (TSan, Helgrind, DRD); nothing without one.
void tool_release(const void* tag) noexcept;
void tool_acquire(const void* tag) noexcept;

// The run's shared memory, for checks whose tool looks through all memory for pointers. Not from hooks.
struct memory_range {
  void* begin;
  std::size_t bytes;
};
[[nodiscard]] std::vector<memory_range> ravels_own_memory();

// Between the two the race detectors do not see what the calling thread does. Nests; in pairs.
void hide_from_tools() noexcept;
void show_to_tools() noexcept;

// Hides what the calling thread does from the race detectors, so that a check's own synchronisation makes
// no edge in the target. Nests. Cost: nothing in plain and address.
class hidden_from_tools {
 public:
  hidden_from_tools() noexcept { hide_from_tools(); }
  ~hidden_from_tools() { show_to_tools(); }
  hidden_from_tools(const hidden_from_tools&) = delete;
  hidden_from_tools& operator=(const hidden_from_tools&) = delete;
};

}  // namespace ravel
