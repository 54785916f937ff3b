// SPDX-License-Identifier: MIT
// The points runtime, allocations: while an execution is traced, what is made on the heap is told, so that a report can
// say what an object is. Weak, so that a target's own allocator wins; the real functions are those that come next, so
// that one that is preloaded goes on working. Any thread. Cost: one load and a branch.
#include "intercept/heap_listener.hpp"
#include "intercept/next.hpp"

#include <cstddef>

namespace ravel::detail {

namespace {

template <class Function>
class next_allocator {
 public:
  constexpr explicit next_allocator(const char* name) : name_(name) {}
  // null while dlsym itself allocates, which it does for what it cannot find only
  [[nodiscard]] Function get() noexcept {
    Function known = function_.load(std::memory_order_relaxed);  // relaxed: an address with no data behind it
    if (known != nullptr) [[likely]]
      return known;
    if (is_looking_.exchange(true)) return nullptr;
    known = libc_function<Function>(name_, nullptr);
    function_.store(known, std::memory_order_relaxed);
    is_looking_.store(false);
    return known;
  }

 private:
  const char* name_;
  std::atomic<Function> function_{nullptr};
  std::atomic<bool> is_looking_{false};
};

constinit next_allocator<void* (*)(std::size_t)> next_malloc{"malloc"};
constinit next_allocator<void*(*)(std::size_t, std::size_t)> next_calloc{"calloc"}, next_aligned_alloc{"aligned_alloc"};
constinit next_allocator<void* (*)(void*, std::size_t)> next_realloc{"realloc"};

[[gnu::always_inline]] inline void* told(void* memory, std::size_t bytes) noexcept {
  if (heap_listener* listener = heap_hearer(); listener != nullptr && memory != nullptr) [[unlikely]]
    listener->made(memory, bytes);
  return memory;
}

// Before there are threads.
[[gnu::constructor]] void settle_allocators() noexcept {
  static_cast<void>(next_malloc.get());
  static_cast<void>(next_calloc.get());
  static_cast<void>(next_realloc.get());
  static_cast<void>(next_aligned_alloc.get());
}

}  // namespace

}  // namespace ravel::detail

extern "C" {
void* ravel_malloc(std::size_t bytes) __asm__("malloc");
void* ravel_calloc(std::size_t count, std::size_t bytes) __asm__("calloc");
void* ravel_realloc(void* memory, std::size_t bytes) __asm__("realloc");
void* ravel_aligned_alloc(std::size_t alignment, std::size_t bytes) __asm__("aligned_alloc");

[[gnu::weak, gnu::visibility("default")]] void* ravel_malloc(std::size_t bytes) {
  const auto next = ravel::detail::next_malloc.get();
  return next == nullptr ? nullptr : ravel::detail::told(next(bytes), bytes);
}
[[gnu::weak, gnu::visibility("default")]] void* ravel_calloc(std::size_t count, std::size_t bytes) {
  const auto next = ravel::detail::next_calloc.get();
  return next == nullptr ? nullptr : ravel::detail::told(next(count, bytes), count * bytes);
}
[[gnu::weak, gnu::visibility("default")]] void* ravel_realloc(void* memory, std::size_t bytes) {
  const auto next = ravel::detail::next_realloc.get();
  if (next == nullptr) return nullptr;
  void* moved = next(memory, bytes);
  if (moved == nullptr) return nullptr;
  if (ravel::detail::heap_listener* listener = ravel::detail::heap_hearer(); listener != nullptr && memory != nullptr)
    listener->freed(memory);
  return ravel::detail::told(moved, bytes);
}
[[gnu::weak, gnu::visibility("default")]] void* ravel_aligned_alloc(std::size_t alignment, std::size_t bytes) {
  const auto next = ravel::detail::next_aligned_alloc.get();
  return next == nullptr ? nullptr : ravel::detail::told(next(alignment, bytes), bytes);
}
}
