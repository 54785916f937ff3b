// SPDX-License-Identifier: MIT
// What a thread of the body sees of Ravel: who it is, random numbers from the run's seed, requirements.
// A worker belongs to its thread: use it there only. Errors: usage_error for an empty range.
// Cost: pick about 2 ns; require about 1 ns when it holds.
#pragma once

#include <ravel/shown.hpp>
#include <ravel/site.hpp>

#include <cstdint>

namespace ravel {

class worker {
 public:
  using result_type = std::uint64_t;  // a worker is a uniform random bit generator, too

  worker(unsigned index, const char* role, std::uint64_t seed) noexcept;
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  [[nodiscard]] unsigned index() const noexcept { return index_; }   // 0.. of those declared with it
  [[nodiscard]] const char* role() const noexcept { return role_; }  // may be read until the trial ends

  // Uniform in [low, high], both included.
  [[nodiscard]] std::int64_t pick(std::int64_t low, std::int64_t high);
  // True with the given chance, in percent.
  [[nodiscard]] bool chance(unsigned percent);

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return ~result_type{0}; }
  result_type operator()() noexcept;

  // Calls operation() or operation(i) count times; each call is counted as progress (the watchdog looks
  // at it) and is a place for noise. Overhead below 5 ns a call.
  template <class Operation>
  void repeat(std::uint64_t count, Operation&& operation) {
    for (std::uint64_t i = 0; i < count; ++i) {
      if constexpr (requires { operation(i); })
        operation(i);
      else
        operation();
      step();
    }
  }
  // Tells the watchdog that this thread moves on; a place for noise.
  void step() noexcept {
    if (++steps_ == next_stop_) stop();
  }

  // Records a finding when the condition does not hold, and goes on; returns the condition.
  bool require(bool condition, const char* what, site place = site::here()) noexcept {
    return condition || fail(what, place);
  }
  template <class Left, class Right>
  bool require_equal(const Left& left, const Right& right, const char* what, site place = site::here()) {
    return left == right || fail_comparison(shown(left), shown(right), what, place);
  }

 private:
  bool fail(const char* what, site place) noexcept;
  bool fail_comparison(const shown& left, const shown& right, const char* what, site place) noexcept;
  void stop() noexcept;

  unsigned index_;
  const char* role_;
  std::uint64_t state_[2];
  std::uint64_t steps_ = 0;
  std::uint64_t next_stop_ = 1;
};

}  // namespace ravel
