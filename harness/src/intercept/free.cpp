// SPDX-License-Identifier: MIT
// Tells the lock observer when memory is freed, so that a lock that lived there ends with it: the C++ library's
// mutexes make no destroy call, and the allocator hands the address out again. With a sanitizer through its
// hooks, else by defining free (which operator delete calls). Weak, so that a target's own allocator wins;
// under Valgrind, which replaces free itself, and with such an allocator, locks end with the trial only.
// Any thread. Cost outside trials: one load and a branch; in a trial while the thread holds no lock and none is
// known to be in heap memory: about 2 ns.
#include "heap_listener.hpp"
#include "lock_events.hpp"
#include "next.hpp"

#include <malloc.h>

#include <cstddef>

extern "C" {
[[gnu::weak]] int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*, std::size_t),
                                                            void (*on_free)(const volatile void*));
[[gnu::weak]] std::size_t __sanitizer_get_allocated_size(const volatile void* memory);
[[gnu::weak]] void ___interceptor_free(void* memory);
[[gnu::weak]] void __interceptor_free(void* memory);
}

namespace ravel::detail {

namespace {

// relaxed throughout: see has_heap_locks()
std::atomic<std::uint32_t> heap_lock_count{0};

// Which 64-byte granules of memory may hold a lock: a bit each, by a hash of the address.
constexpr std::uint32_t filter_bits = 1u << 14;
std::atomic<std::uint64_t> filter[filter_bits / 64];

constexpr std::uint32_t bit_of(std::uintptr_t granule) noexcept {
  return static_cast<std::uint32_t>((granule * 0x9E3779B97F4A7C15ull) >> 50);
}
static_assert((~0ull >> 50) == filter_bits - 1);

bool may_hold_lock(std::uintptr_t begin, std::size_t bytes) noexcept {
  const std::uintptr_t first = begin / 64, last = (begin + bytes - 1) / 64;
  if (last - first >= filter_bits / 16) return true;  // cheaper to ask than to look
  for (std::uintptr_t granule = first; granule <= last; ++granule) {
    const std::uint32_t bit = bit_of(granule);
    if ((filter[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) != 0) return true;
  }
  return false;
}

// relaxed: a lock that another thread has just named cannot be in memory that this one may free: what allows it to free
// that memory comes after the naming, and orders it
bool has_heap_locks() noexcept { return heap_lock_count.load(std::memory_order_relaxed) != 0; }

// Of interest: memory that may hold a named lock, and any memory that a thread frees while it holds a lock.
template <class Size>
[[gnu::noinline]] void tell_freed(lock_observer* observer, const volatile void* memory, Size size) noexcept {
  const thread_record* record = this_thread();
  if (record == nullptr || memory == nullptr) return;
  const bool holds = record->held_count.load(std::memory_order_relaxed) != 0;
  if (!holds && !has_heap_locks()) return;
  const void* begin = const_cast<const void*>(memory);
  const std::size_t bytes = size();
  if (bytes != 0 && (holds || may_hold_lock(reinterpret_cast<std::uintptr_t>(begin), bytes)))
    observer->freed(begin, bytes);
}

void on_free(const volatile void* memory) {
  if (heap_listener* listener = heap_hearer()) listener->freed(const_cast<const void*>(memory));
  if (lock_observer* observer = watching())
    tell_freed(observer, memory, [memory] { return __sanitizer_get_allocated_size(memory); });
}
void on_malloc(const volatile void* memory, std::size_t bytes) {
  if (heap_listener* listener = heap_hearer()) listener->made(const_cast<const void*>(memory), bytes);
}

using free_function = void (*)(void*);
void resolve_free(void* memory);
std::atomic<free_function> next_free{resolve_free};  // relaxed: a function's address, with no data behind it
std::atomic<bool> is_resolving{false};

void resolve_free(void* memory) {
  free_function found = ___interceptor_free != nullptr ? ___interceptor_free : __interceptor_free;
  if (found == nullptr) {
    if (is_resolving.exchange(true)) return;  // freed by dlsym itself: given up rather than recursed into
    found = libc_function<free_function>("free", nullptr);
    is_resolving.store(false);
  }
  next_free.store(found, std::memory_order_relaxed);
  found(memory);
}

[[gnu::noinline]] void free_while_watched(lock_observer* observer, void* memory) {
  if (__sanitizer_install_malloc_and_free_hooks == nullptr)
    tell_freed(observer, memory, [memory] { return malloc_usable_size(memory); });
  next_free.load(std::memory_order_relaxed)(memory);
}

}  // namespace

// No other thread may be freeing.
static void forget_heap_locks() noexcept {
  if (!has_heap_locks()) return;
  heap_lock_count.store(0, std::memory_order_relaxed);
  for (auto& word : filter) word.store(0, std::memory_order_relaxed);
}

static void install_hooks() noexcept {
  static bool is_hooked = false;
  if (is_hooked || __sanitizer_install_malloc_and_free_hooks == nullptr) return;
  __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
  is_hooked = true;
}

std::atomic<heap_listener*> hearing_heap{nullptr};

void hear_heap(heap_listener* listener) noexcept {
  if (listener != nullptr) install_hooks();
  hearing_heap.store(listener, std::memory_order_relaxed);  // relaxed: see heap_hearer()
}

void watch_memory(bool is_wanted) noexcept {
  if (is_wanted) install_hooks();
  if (!is_wanted) forget_heap_locks();
}

}  // namespace ravel::detail

namespace ravel {

void note_heap_lock(const void* lock) noexcept {
  const std::uint32_t bit = detail::bit_of(reinterpret_cast<std::uintptr_t>(lock) / 64);
  detail::filter[bit / 64].fetch_or(1ull << (bit % 64), std::memory_order_relaxed);
  detail::heap_lock_count.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace ravel

extern "C" {
void ravel_free(void* memory) __asm__("free");
[[gnu::weak, gnu::visibility("default")]] void ravel_free(void* memory) {
  if (ravel::detail::heap_listener* listener = ravel::detail::heap_hearer()) [[unlikely]]
    if (__sanitizer_install_malloc_and_free_hooks == nullptr && memory != nullptr) listener->freed(memory);
  if (ravel::lock_observer* observer = ravel::detail::watching()) [[unlikely]]
    return ravel::detail::free_while_watched(observer, memory);
  ravel::detail::next_free.load(std::memory_order_relaxed)(memory);
}
}
