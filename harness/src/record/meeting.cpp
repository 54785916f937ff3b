// SPDX-License-Identifier: MIT
// See meeting.hpp. Waits by the raw system call: tools see nothing of it, and no edge is made.
#include "meeting.hpp"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace ravel::detail {

meetings* meetings_looked_for = nullptr;

namespace {

constexpr std::uint32_t most_waiting = 8, most_waits = 25;  // threads; for one meeting
constexpr unsigned looks = 40;                              // of one wait
constexpr long look_ns = 250'000;                           // between two

struct waiting_thread {
  const void* address;
  std::uint32_t bytes;
  bool is_write, is_there, was_met;
  std::uintptr_t pc;
};
waiting_thread waiting[most_waiting];
std::atomic_flag is_locked;

class spin_guard {
 public:
  spin_guard() noexcept {
    while (is_locked.test_and_set(std::memory_order_acquire)) syscall(SYS_sched_yield);
  }
  ~spin_guard() { is_locked.clear(std::memory_order_release); }
  spin_guard(const spin_guard&) = delete;
  spin_guard& operator=(const spin_guard&) = delete;
};

bool are_in_conflict(const waiting_thread& a, const waiting_thread& b) noexcept {
  const auto begin = [](const waiting_thread& one) { return reinterpret_cast<std::uintptr_t>(one.address); };
  return begin(a) < begin(b) + b.bytes && begin(b) < begin(a) + a.bytes && (a.is_write || b.is_write);
}

bool is_one_of(const race_places& places, std::uintptr_t pc) noexcept {
  return is_race_place(places.pc[0], pc) || is_race_place(places.pc[1], pc);
}
bool are_the_two(const race_places& places, std::uintptr_t a, std::uintptr_t b) noexcept {
  return (is_race_place(places.pc[0], a) && is_race_place(places.pc[1], b)) ||
         (is_race_place(places.pc[1], a) && is_race_place(places.pc[0], b));
}

// Marks what happens with those who wait.
void find_others(meetings& wanted, const waiting_thread& self) noexcept {
  for (waiting_thread& one : waiting) {
    if (!one.is_there || !are_in_conflict(self, one)) continue;
    for (std::uint32_t i = 0; i < wanted.count; ++i)
      if (are_the_two(wanted.places[i], self.pc, one.pc)) {
        wanted.has_happened[i].store(1);
        one.was_met = true;
      }
  }
}

// Whether one of the meetings that the place is of is worth another wait. relaxed: a bound only
bool is_worth_a_wait(meetings& wanted, std::uintptr_t pc) noexcept {
  for (std::uint32_t i = 0; i < wanted.count; ++i)
    if (is_one_of(wanted.places[i], pc) && wanted.has_happened[i].load(std::memory_order_relaxed) == 0 &&
        wanted.waits[i].fetch_add(1, std::memory_order_relaxed) < most_waits)
      return true;
  return false;
}

// The caller's place among the waiting; null: there is none, or the others are there.
waiting_thread* begin_wait(meetings& wanted, const waiting_thread& self) noexcept {
  const spin_guard guard;
  find_others(wanted, self);
  for (waiting_thread& one : waiting)
    if (!one.is_there) {
      if (!is_worth_a_wait(wanted, self.pc)) return nullptr;
      one = self;
      return &one;
    }
  return nullptr;
}

}  // namespace

void meet(const void* address, std::uint32_t bytes, bool is_write, std::uintptr_t pc) noexcept {
  meetings& wanted = *meetings_looked_for;
  bool is_place = false;
  for (std::uint32_t i = 0; i < wanted.count && !is_place; ++i) is_place = is_one_of(wanted.places[i], pc);
  if (!is_place) return;
  waiting_thread* own = begin_wait(wanted, {address, bytes, is_write, true, false, pc});
  if (own == nullptr) return;
  for (unsigned look = 0; look < looks && !__atomic_load_n(&own->was_met, __ATOMIC_RELAXED); ++look) {
    const timespec nap{0, look_ns};
    syscall(SYS_nanosleep, &nap, nullptr);
  }
  const spin_guard guard;
  own->is_there = false;
}

}  // namespace ravel::detail
