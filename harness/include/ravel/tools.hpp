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

// Blocks of a memory pool of the target, as ASan and Valgrind's memcheck are to see them: nobody touches one that was
// given back, until it is given out again. Say returned before the block goes back, taken after it has been given out.
// ASan looks at pieces of 8 bytes, so a rest at the end of less than that may be touched.
void tool_pool_made(const void* pool) noexcept;
void tool_pool_gone(const void* pool) noexcept;
void tool_block_taken(const void* pool, void* block, std::size_t bytes) noexcept;
void tool_block_returned(const void* pool, void* block, std::size_t bytes) noexcept;

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
