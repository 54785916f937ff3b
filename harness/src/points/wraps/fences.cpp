// SPDX-License-Identifier: MIT
// See fences.hpp. A fiber of TSan is a thread's clock and little else; nothing is read or written on one, so none is
// ever named in a report.
#include "fences.hpp"

#include <initializer_list>
#include <pthread.h>

extern "C" {
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
void* __tsan_get_current_fiber();
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void __real___tsan_atomic_thread_fence(int order);
[[gnu::visibility("default")]] void __wrap___tsan_atomic_thread_fence(int order);
}

namespace ravel::detail {

bool has_fences = false;
thread_local early_loads loads_before_fences [[gnu::tls_model("initial-exec")]];

namespace {

constexpr unsigned without_edge = 1;
constexpr int last_round = 3;  // of key destructors: TSan forgets the thread in the fourth, libc's last

struct fence_state {
  void* released;  // keeps the clock of the latest release fence; null before one
  void* acquired;  // gathers what unordered loads saw
  char release_tag, acquire_tag;
  bool is_over;
  int rounds;
};
thread_local fence_state own [[gnu::tls_model("initial-exec")]];

pthread_key_t end_key;
bool has_end_key = false;

void end_thread(void* argument) {
  auto& state = *static_cast<fence_state*>(argument);
  if (++state.rounds < last_round) {
    pthread_setspecific(end_key, &state);
    return;
  }
  state.is_over = true;
  for (void** fiber : {&state.released, &state.acquired}) {
    if (*fiber != nullptr) __tsan_destroy_fiber(*fiber);
    *fiber = nullptr;
  }
}

// Early, so that libc keeps its value in the thread descriptor: no allocation in the thread.
[[gnu::constructor(102)]] void make_end_key() { has_end_key = pthread_key_create(&end_key, end_thread) == 0; }

void* fiber_in(void*& place) noexcept {
  if (place != nullptr || own.is_over) return place;
  if (has_end_key) pthread_setspecific(end_key, &own);
  place = __tsan_create_fiber(0);
  return place;
}

// On the fiber, for one annotation.
class on_fiber {
 public:
  explicit on_fiber(void* fiber) noexcept : home_(__tsan_get_current_fiber()) {
    __tsan_switch_to_fiber(fiber, without_edge);
  }
  ~on_fiber() { __tsan_switch_to_fiber(home_, without_edge); }
  on_fiber(const on_fiber&) = delete;
  on_fiber& operator=(const on_fiber&) = delete;

 private:
  void* home_;
};

void* unconst(const volatile void* address) noexcept { return const_cast<void*>(address); }

void keep_clock() noexcept {
  void* fiber = fiber_in(own.released);
  if (fiber == nullptr) return;
  __tsan_release(&own.release_tag);
  const on_fiber there(fiber);
  __tsan_acquire(&own.release_tag);
}

void take_gathered() noexcept {
  early_loads& early = loads_before_fences;
  for (const volatile void*& address : early.address) {
    if (address != nullptr) loaded_unordered(address);
    address = nullptr;
  }
  if (own.acquired == nullptr) return;
  {
    const on_fiber there(own.acquired);
    __tsan_release(&own.acquire_tag);
  }
  __tsan_acquire(&own.acquire_tag);
}

}  // namespace

void publish_at_fence(const volatile void* at) noexcept {
  if (own.released == nullptr) return;
  const on_fiber there(own.released);
  __tsan_release(unconst(at));
}

void loaded_unordered(const volatile void* at) noexcept {
  void* fiber = fiber_in(own.acquired);
  if (fiber == nullptr) return;
  const on_fiber there(fiber);
  __tsan_acquire(unconst(at));
}

void passed_fence(int order) noexcept {
  __atomic_store_n(&has_fences, true, __ATOMIC_RELAXED);
  if (has_acquire(order)) take_gathered();
  if (has_release(order)) keep_clock();
}

}  // namespace ravel::detail

// First what comes from before, then the clock that the release side is to carry: a fence of both orders passes it on.
void __wrap___tsan_atomic_thread_fence(int order) {
  __real___tsan_atomic_thread_fence(order);
  if ((order & ravel::detail::order_mask) != ravel::detail::order_relaxed) ravel::detail::passed_fence(order);
}
