// SPDX-License-Identifier: MIT
// See noise.hpp.
#include "noise.hpp"

#include "base/noise_point.hpp"
#include "base/processor/processor.hpp"
#include "base/random.hpp"

#include <ravel/thread_record.hpp>

#include <sched.h>
#include <time.h>

#include <atomic>

namespace ravel::detail {

namespace {

noise_options current_noise;
std::uint64_t noise_seed;
cpu_set_t allowed_cores;
[[gnu::tls_model("initial-exec")]] thread_local std::uint64_t own_state[2];
[[gnu::tls_model("initial-exec")]] thread_local std::uint64_t own_seed;

void migrate(std::uint64_t random) noexcept {
  const int count = CPU_COUNT(&allowed_cores);
  if (count < 2) return;
  int wanted = static_cast<int>(scale(random, static_cast<std::uint64_t>(count)));
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &allowed_cores) || wanted-- != 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    sched_setaffinity(0, sizeof one, &one);
    sched_setaffinity(0, sizeof allowed_cores, &allowed_cores);  // moved; it may go where it likes again
    return;
  }
}

// What is left of the calling thread's noise in this trial: a long loop must not be slowed down for ever.
struct allowance {
  std::uint64_t seed;
  unsigned disturbances, sleeps;
};
[[gnu::tls_model("initial-exec")]] thread_local allowance own_allowance;
constexpr unsigned most_disturbances = 2'000, most_sleeps = 20;

bool is_noise_left() noexcept {
  if (own_allowance.seed != noise_seed) own_allowance = {noise_seed, most_disturbances, most_sleeps};
  return own_allowance.disturbances != 0;
}

// Ticks that disturbances took beyond what they take where a core is free, by all threads, and since when.
std::atomic<std::uint64_t> waited_for_core{0};
std::uint64_t counted_since = 0;
bool is_noisy = false;  // this trial

class time_taken {
 public:
  explicit time_taken(std::uint64_t usual) noexcept : usual_(usual), since_(ticks()) {}
  ~time_taken() {
    const std::uint64_t took = ticks() - since_;
    if (took > usual_) waited_for_core.fetch_add(took - usual_, std::memory_order_relaxed);  // relaxed: a statistic
  }
  time_taken(const time_taken&) = delete;
  time_taken& operator=(const time_taken&) = delete;

 private:
  std::uint64_t usual_, since_;
};

void disturb(std::uint64_t (&state)[2]) noexcept {
  constexpr std::uint64_t in_microsecond = 3'000, usual = 20 * in_microsecond;  // ticks, within a factor of a few
  const std::uint64_t dice = scale(draw(state), 1000);
  std::uint64_t bound = current_noise.yields_per_1000;
  if (dice < bound + current_noise.sleeps_per_1000 + current_noise.migrations_per_1000) --own_allowance.disturbances;
  if (dice < bound) {
    const time_taken taken(usual);
    sched_yield();
  } else if (dice < (bound += current_noise.sleeps_per_1000)) {
    if (own_allowance.sleeps == 0) return;
    --own_allowance.sleeps;
    const std::uint64_t microseconds = scale(draw(state), current_noise.longest_sleep_us);
    const timespec nap{0, static_cast<long>(microseconds * 1000 + 1)};
    const time_taken taken((microseconds + 200) * in_microsecond);
    nanosleep(&nap, nullptr);
  } else if (dice < bound + current_noise.migrations_per_1000) {
    const time_taken taken(5 * usual);
    migrate(draw(state));
  }
}

void make_noise() noexcept {
  thread_record* record = this_thread();
  if (record == nullptr || !is_noise_left()) return;
  if (own_seed != noise_seed) seed_state(own_state, derive_seed(noise_seed, record->slot, 5));
  own_seed = noise_seed;
  disturb(own_state);
}

unsigned chances(const noise_options& noise) noexcept {
  return noise.yields_per_1000 + noise.sleeps_per_1000 + noise.migrations_per_1000;
}

// Strength on a logarithmic scale: much noise finds other bugs than little. Sleeps are rare: each costs a
// scheduling period, and lets another thread run far ahead.
void draw_noise() noexcept {
  std::uint64_t state[2];
  seed_state(state, noise_seed);
  current_noise.yields_per_1000 = 1u << scale(draw(state), 10);
  current_noise.sleeps_per_1000 = scale(draw(state), 4) == 0 ? 1u << scale(draw(state), 6) : 0;
}

}  // namespace

void set_noise(const noise_options& options, std::uint64_t seed, std::uint64_t trial, bool is_limited) noexcept {
  constexpr std::uint64_t least_share = 4;  // of the time
  current_noise = options;
  noise_seed = derive_seed(seed, trial, 11);
  if (options.migrations_per_1000 != 0) sched_getaffinity(0, sizeof allowed_cores, &allowed_cores);
  if (options.automatic && chances(options) == 0 && trial % 2 == 0) draw_noise();
  const std::uint64_t now = ticks();
  if (counted_since == 0) counted_since = now;
  is_noisy = chances(current_noise) != 0;
  // relaxed: no thread of the trial is there yet
  if (is_limited && waited_for_core.load(std::memory_order_relaxed) > (now - counted_since) / least_share)
    is_noisy = false;
  noise_maker.store(nullptr, std::memory_order_relaxed);
}

void noise_begins() noexcept {
  if (is_noisy) noise_maker.store(make_noise, std::memory_order_relaxed);  // relaxed: whenever others see it
}

std::uint64_t make_noise_of(std::uint64_t (&state)[2]) noexcept {
  if (noise_maker.load(std::memory_order_relaxed) == nullptr || !is_noise_left()) return 1024;  // relaxed: see above
  disturb(state);
  return 1;
}

}  // namespace ravel::detail
