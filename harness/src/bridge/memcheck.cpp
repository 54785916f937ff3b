// SPDX-License-Identifier: MIT
// Bridge to Valgrind's memory pools, which memcheck looks at: a pool's blocks, given out and given back. Without
// Valgrind's header at build time there is nothing to tell.
#include "bridges.hpp"

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif

namespace ravel::detail::memcheck {

#if defined(VALGRIND_CREATE_MEMPOOL)

void pool_made(const void* pool) noexcept {
  if (valgrind::is_running) VALGRIND_CREATE_MEMPOOL(pool, 0, 0);
}
void pool_gone(const void* pool) noexcept {
  if (valgrind::is_running) VALGRIND_DESTROY_MEMPOOL(pool);
}
void block_taken(const void* pool, void* block, std::size_t bytes) noexcept {
  if (valgrind::is_running) VALGRIND_MEMPOOL_ALLOC(pool, block, bytes);
}
void block_returned(const void* pool, void* block) noexcept {
  if (valgrind::is_running) VALGRIND_MEMPOOL_FREE(pool, block);
}

#else

void pool_made(const void* /*pool*/) noexcept {}
void pool_gone(const void* /*pool*/) noexcept {}
void block_taken(const void* /*pool*/, void* /*block*/, std::size_t /*bytes*/) noexcept {}
void block_returned(const void* /*pool*/, void* /*block*/) noexcept {}

#endif

}  // namespace ravel::detail::memcheck
