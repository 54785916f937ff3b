// SPDX-License-Identifier: MIT
// The happens-before edges of std::atomic_thread_fence (C++20, [atomics.fences]), which TSan's runtimes do not make:
//   release fence, then a store without release order   the store publishes what came before the fence
//   load without acquire order, then an acquire fence   what was published to the load comes before what follows the
//   fence
// Each edge carries the clock of its own moment, of the fence or of the load: a write between a release fence and the
// store, or a read between the load and the acquire fence, is still a race. The clocks are kept by two TSan fibers for
// a thread, which are switched to without synchronisation. A program's first fence switches this on; what its thread
// loaded before that fence is known by address only, so its edges may carry a little more than they should, once.
// A signal that arrives while its thread is on a fiber, some 100 ns an access, is delayed by TSan until that fiber is
// asked again, which may be never. Thread safety: any thread. Cost before the first fence: nothing but for weakly
// ordered loads and updates, which note an address; after it: about 0.2 us an atomic access that is not ordered itself;
// two fibers a thread.
#pragma once

#include <cstdint>

namespace ravel::detail {

// Memory orders as the instrumentation passes them (gcc adds bits of its own above).
enum : int {
  order_relaxed,
  order_consume,
  order_acquire,
  order_release,
  order_acq_rel,
  order_seq_cst,
  order_mask = 255
};

[[nodiscard]] inline bool has_acquire(int order) noexcept {
  const int known = order & order_mask;
  return known != order_relaxed && known != order_release;
}
[[nodiscard]] inline bool has_release(int order) noexcept { return (order & order_mask) >= order_release; }

// Somebody in this process has passed a fence. Only ever set.
extern bool has_fences;
[[nodiscard]] [[gnu::always_inline]] inline bool are_fences_in_use() noexcept {
  return __atomic_load_n(&has_fences, __ATOMIC_RELAXED);
}

// The weakly ordered loads of a thread before the first fence.
struct early_loads {
  static constexpr std::uint32_t capacity = 64;
  const volatile void* address[capacity];
  std::uint32_t next;

  void note(const volatile void* at) noexcept {
    if (address[(next - 1) % capacity] == at) return;
    address[next++ % capacity] = at;
  }
};
extern thread_local early_loads loads_before_fences [[gnu::tls_model("initial-exec")]];

// A store or update of this thread at this address is about to publish what came before its latest release fence.
void publish_at_fence(const volatile void* at) noexcept;
// This thread has loaded from the address, in a way that only an acquire fence can make an edge of.
void loaded_unordered(const volatile void* at) noexcept;
void passed_fence(int order) noexcept;

}  // namespace ravel::detail
