// SPDX-License-Identifier: MIT
// See ravel/tools.hpp: tells every race detector in the process of an edge, or to look away.
#include "bridges.hpp"
#include "hidden_memory.hpp"

#include <ravel/tools.hpp>

namespace ravel {

void tool_release(const void* tag) noexcept {
  detail::thread_sanitizer::release(tag);
  if (!detail::valgrind::is_running) return;
  detail::helgrind::release(tag);
  detail::drd::release(tag);
}

void tool_acquire(const void* tag) noexcept {
  detail::thread_sanitizer::acquire(tag);
  if (!detail::valgrind::is_running) return;
  detail::helgrind::acquire(tag);
  detail::drd::acquire(tag);
}

void tool_pool_made(const void* pool) noexcept { detail::memcheck::pool_made(pool); }
void tool_pool_gone(const void* pool) noexcept { detail::memcheck::pool_gone(pool); }

void tool_block_taken(const void* pool, void* block, std::size_t bytes) noexcept {
  detail::address_sanitizer::allow(block, bytes);
  detail::memcheck::block_taken(pool, block, bytes);
}
void tool_block_returned(const void* pool, void* block, std::size_t bytes) noexcept {
  detail::memcheck::block_returned(pool, block);
  detail::address_sanitizer::forbid(block, bytes);
}

// Helgrind cannot look away from a thread: it is blind to atomics and raw futexes anyway, and Ravel's shared
// memory is hidden from it as a whole.
void hide_from_tools() noexcept {
  detail::thread_sanitizer::look_away();
  if (detail::valgrind::is_running) detail::drd::look_away();
}

void show_to_tools() noexcept {
  if (detail::valgrind::is_running) detail::drd::look_again();
  detail::thread_sanitizer::look_again();
}

namespace detail {

namespace {

memory_range hidden_memory[64];  // mapped by the parent before threads are there; bytes 0: free

}  // namespace

bool is_under_valgrind() noexcept { return valgrind::is_running; }

// Not needed under TSan: only instrumented code is looked at, and Ravel's is not.
void hide_memory_from_tools(void* memory, std::size_t bytes) noexcept {
  if (!valgrind::is_running) return;
  for (memory_range& range : hidden_memory)
    if (range.bytes == 0) {
      range = {memory, bytes};
      break;
    }
  helgrind::hide(memory, bytes);
  drd::hide(memory, bytes);
}

void forget_hidden_memory(const void* memory) noexcept {
  for (memory_range& range : hidden_memory)
    if (range.bytes != 0 && range.begin == memory) range = {};
}

}  // namespace detail

std::vector<memory_range> ravels_own_memory() {
  std::vector<memory_range> ranges;
  for (const memory_range& range : detail::hidden_memory)
    if (range.bytes != 0) ranges.push_back(range);
  return ranges;
}

}  // namespace ravel
