// SPDX-License-Identifier: MIT
// See meeting.hpp. Waits by the raw system call: tools see nothing of it, and no edge is made.
#include "meeting.hpp"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace ravel::detail {

meeting* meeting_looked_for = nullptr;

namespace {

constexpr std::uint32_t most_waiting = 8, most_waits = 400;
constexpr unsigned looks = 40;     // of one wait
constexpr long look_ns = 250'000;  // between two

struct waiting_thread {
  const void* address;
  std::uint32_t bytes;
  bool is_write, is_there, was_met;
  std::uintptr_t pc;
};
waiting_thread waiting[most_waiting];
std::atomic_flag is_locked;
std::atomic<std::uint32_t> waits{0};

class spin_guard {
 public:
  spin_guard() noexcept {
    while (is_locked.test_and_set(std::memory_order_acquire)) syscall(SYS_sched_yield);
  }
  ~spin_guard() { is_locked.clear(std::memory_order_release); }
  spin_guard(const spin_guard&) = delete;
  spin_guard& operator=(const spin_guard&) = delete;
};

bool conflict(const waiting_thread& a, const waiting_thread& b) noexcept {
  const auto begin = [](const waiting_thread& one) { return reinterpret_cast<std::uintptr_t>(one.address); };
  return begin(a) < begin(b) + b.bytes && begin(b) < begin(a) + a.bytes && (a.is_write || b.is_write);
}

// Whether the other one is there; else the caller's place among the waiting, or null where there is none.
bool finds_other(const waiting_thread& self, const race_places& places, waiting_thread*& own) noexcept {
  const spin_guard guard;
  own = nullptr;
  for (waiting_thread& one : waiting) {
    if (!one.is_there) {
      if (own == nullptr) own = &one;
      continue;
    }
    const bool are_the_two = (is_race_place(places.pc[0], self.pc) && is_race_place(places.pc[1], one.pc)) ||
                             (is_race_place(places.pc[1], self.pc) && is_race_place(places.pc[0], one.pc));
    if (!are_the_two || !conflict(self, one)) continue;
    one.was_met = true;
    return true;
  }
  if (own != nullptr) *own = self;
  return false;
}

void wait_for_other(waiting_thread& own) noexcept {
  for (unsigned look = 0; look < looks && !__atomic_load_n(&own.was_met, __ATOMIC_RELAXED); ++look) {
    const timespec nap{0, look_ns};
    syscall(SYS_nanosleep, &nap, nullptr);
  }
  const spin_guard guard;
  own.is_there = false;
}

}  // namespace

void look_for_meeting(meeting* wanted) noexcept {
  meeting_looked_for = wanted;
  waits.store(0);
}

void meet(const void* address, std::uint32_t bytes, bool is_write, std::uintptr_t pc) noexcept {
  meeting& wanted = *meeting_looked_for;
  if (!is_race_place(wanted.places.pc[0], pc) && !is_race_place(wanted.places.pc[1], pc)) return;
  if (wanted.has_happened.load(std::memory_order_relaxed) != 0) return;
  waiting_thread* own = nullptr;
  if (finds_other({address, bytes, is_write, true, false, pc}, wanted.places, own)) {
    wanted.has_happened.store(1);
    return;
  }
  // relaxed: a bound only
  if (own == nullptr) return;
  if (waits.fetch_add(1, std::memory_order_relaxed) < most_waits) return wait_for_other(*own);
  const spin_guard guard;
  own->is_there = false;
}

}  // namespace ravel::detail
