// SPDX-License-Identifier: MIT
// What Ravel tells the tools in use, one bridge file per tool: edges that are really there, what to look away
// from, memory that is Ravel's own. A bridge does nothing, at the cost of one load, when its tool is absent.
// Thread safety: any thread. Nothing here makes an edge that was not asked for.
#pragma once

#include <cstddef>

namespace ravel::detail {

// ThreadSanitizer: present when its runtime is linked.
namespace thread_sanitizer {
void release(const void* tag) noexcept;
void acquire(const void* tag) noexcept;
void look_away() noexcept;
void look_again() noexcept;
}  // namespace thread_sanitizer

// LeakSanitizer: what the calling thread allocates meanwhile is no leak.
namespace leak_sanitizer {
void look_away() noexcept;
void look_again() noexcept;
}  // namespace leak_sanitizer

// Valgrind's core, and the two tools that look for races. All three are silent outside Valgrind.
namespace valgrind {
// Read once at start-up: asking costs some instructions each time.
extern const bool is_running;
}  // namespace valgrind

namespace helgrind {
void release(const void* tag) noexcept;
void acquire(const void* tag) noexcept;
void hide(void* memory, std::size_t bytes) noexcept;
}  // namespace helgrind

namespace drd {
void release(const void* tag) noexcept;
void acquire(const void* tag) noexcept;
void look_away() noexcept;
void look_again() noexcept;
void hide(void* memory, std::size_t bytes) noexcept;
}  // namespace drd

// AddressSanitizer: present when its runtime is linked.
namespace address_sanitizer {
void forbid(const void* memory, std::size_t bytes) noexcept;
void allow(const void* memory, std::size_t bytes) noexcept;
}  // namespace address_sanitizer

// Silent outside Valgrind. A block that is no pool's any more is noaccess, and memcheck says who gave it back.
namespace memcheck {
void pool_made(const void* pool) noexcept;
void pool_gone(const void* pool) noexcept;
void block_taken(const void* pool, void* block, std::size_t bytes) noexcept;
void block_returned(const void* pool, void* block) noexcept;
}  // namespace memcheck

}  // namespace ravel::detail
