// SPDX-License-Identifier: MIT
// See stamps.hpp: two processes, each on a core of its own, tell each other their counters in turn. Made by direct
// system calls, because the named ones may be intercepted.
#include "stamps.hpp"

#include "processor/processor.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include <algorithm>

namespace ravel::checks::detail {

namespace {

constexpr std::uint64_t turns = 200;
constexpr std::uint64_t most_spins = 2'000'000;
constexpr int most_cores = 16;
constexpr std::uint64_t stop = ~std::uint64_t{0};

bool move_to(int core) noexcept {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  return system_call(SYS_sched_setaffinity, 0, sizeof one, reinterpret_cast<long>(&one)) >= 0;
}

// False: the other one does not run.
bool await(const std::atomic<std::uint64_t>& word, std::uint64_t wanted) noexcept {
  for (std::uint64_t spins = 0; word.load(std::memory_order_acquire) != wanted; ++spins) {
    if (spins > most_spins) return false;
    relax();
  }
  return true;
}

std::uint64_t since(std::uint64_t sent) noexcept {
  const std::uint64_t now = counter_after();
  return now > sent ? now - sent : sent - now;
}

[[noreturn]] void answer(measured_stamps& stamps, int core) noexcept {
  move_to(core);
  for (std::uint64_t turn = 1; turn <= turns && await(stamps.ping, turn); ++turn) {
    stamps.delay.store(since(stamps.sent.load(std::memory_order_relaxed)), std::memory_order_relaxed);
    stamps.sent.store(counter_before(), std::memory_order_relaxed);
    stamps.pong.store(turn, std::memory_order_release);
  }
  for (;;) system_call(SYS_exit_group, 0);
}

// The larger median of both directions; 0: not measured.
std::uint64_t delay_to(measured_stamps& stamps, int core) noexcept {
  stamps.ping.store(0);
  stamps.pong.store(0);
  const long child = system_call(SYS_clone, SIGCHLD);
  if (child == 0) answer(stamps, core);
  if (child < 0) return 0;
  std::uint64_t there[turns], back[turns], count = 0;
  for (std::uint64_t turn = 1; turn <= turns; ++turn) {
    stamps.sent.store(counter_before(), std::memory_order_relaxed);
    stamps.ping.store(turn, std::memory_order_release);
    if (!await(stamps.pong, turn)) break;
    back[count] = since(stamps.sent.load(std::memory_order_relaxed));
    there[count++] = stamps.delay.load(std::memory_order_relaxed);
  }
  stamps.ping.store(stop);
  system_call(SYS_kill, child, SIGKILL);
  int status;
  while (system_call(SYS_wait4, child, reinterpret_cast<long>(&status), 0, 0) == -4) {
  }
  if (count < turns / 4) return 0;
  std::nth_element(there, there + count / 2, there + count);
  std::nth_element(back, back + count / 2, back + count);
  return std::max(there[count / 2], back[count / 2]);
}

}  // namespace

void measure_stamps(measured_stamps& stamps, bool is_under_valgrind) noexcept {
  stamps.kind = stamping::shared_counter;
  stamps.margin = 0;
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (is_under_valgrind || !has_steady_counter() ||
      system_call(SYS_sched_getaffinity, 0, sizeof allowed, reinterpret_cast<long>(&allowed)) < 0)
    return;
  int home = -1, measured = 0;
  for (int core = 0; core < CPU_SETSIZE && measured < most_cores; ++core) {
    if (!CPU_ISSET(core, &allowed)) continue;
    if (home < 0) {
      if (!move_to(home = core)) return;
      continue;
    }
    const std::uint64_t delay = delay_to(stamps, core);
    if (delay == 0) continue;
    stamps.margin = std::max(stamps.margin, 2 * delay);
    ++measured;
  }
  system_call(SYS_sched_setaffinity, 0, sizeof allowed, reinterpret_cast<long>(&allowed));
  if (measured != 0 || CPU_COUNT(&allowed) == 1) stamps.kind = stamping::steady_counter;
}

}  // namespace ravel::checks::detail
