// SPDX-License-Identifier: MIT
// For tests of strategies: runs a body under a strategy object, made by the test, and remembers each trial's decisions
// as a hash. Points at memory are made by hand here (reads, writes), because the tests are compiled plain.
#pragma once

#include "engine/execution.hpp"
#include "modes/explore/exploration.hpp"
#include "modes/explore/explore_mode.hpp"
#include "process/supervised_run.hpp"
#include "strategy/make_strategy.hpp"

#include <ravel/environment.hpp>
#include <ravel/explore.hpp>

#include <concepts>
#include <cstdint>
#include <string>

namespace explored {

inline void point_at(ravel::detail::operation what, const void* object, std::uintptr_t place) {
  if (ravel::detail::controlled_thread* self = ravel::detail::in_control())
    ravel::detail::the_execution().point(*self, {what, sizeof(int), object, place});
}
// place: stands for the line of code.
inline int reads(const int& from, std::uintptr_t place) {
  point_at(ravel::detail::operation::read, &from, place);
  return const_cast<const volatile int&>(from);
}
inline void writes(int& to, int value, std::uintptr_t place) {
  point_at(ravel::detail::operation::write, &to, place);
  const_cast<volatile int&>(to) = value;
}

// Passes everything on to another strategy and hashes what it says, trial by trial.
class recorded_strategy final : public ravel::detail::strategy {
 public:
  static constexpr std::uint64_t most_trials = 1'024;

  explicit recorded_strategy(ravel::detail::strategy& inner) : inner_(inner) {}
  [[nodiscard]] const char* name() const noexcept override { return inner_.name(); }
  [[nodiscard]] const char* name_for(std::uint64_t trial) const noexcept override { return inner_.name_for(trial); }
  [[nodiscard]] std::uint64_t first_needed(std::uint64_t trial) const noexcept override {
    return inner_.first_needed(trial);
  }
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override {
    at_ = trial < most_trials ? &hashes_[trial] : &hashes_[0];
    *at_ = 1;
    inner_.start(seed, trial);
  }
  void thread_created(ravel::detail::controlled_thread& parent,
                      ravel::detail::controlled_thread& child) noexcept override {
    inner_.thread_created(parent, child);
  }
  [[nodiscard]] ravel::detail::decision choose(const ravel::detail::choice& at) noexcept override {
    const ravel::detail::decision made = inner_.choose(at);
    *at_ = ravel::mix(*at_, at.step << 20 | made.next->index);
    return made;
  }
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override {
    const std::uint32_t picked = inner_.pick(count);
    *at_ = ravel::mix(*at_, picked);
    return picked;
  }
  void ended(ravel::detail::ending how, std::uint64_t points) noexcept override { inner_.ended(how, points); }
  [[nodiscard]] bool is_exhausted() const noexcept override { return inner_.is_exhausted(); }
  [[nodiscard]] std::string coverage(bool is_clean, const std::string& hold_up) const override {
    return inner_.coverage(is_clean, hold_up);
  }

  [[nodiscard]] std::uint64_t hash(std::uint64_t trial) const { return hashes_[trial]; }  // 0: it did not run

 private:
  ravel::detail::strategy& inner_;
  std::uint64_t* at_ = nullptr;
  std::uint64_t hashes_[most_trials] = {};
};

// An exploration whose strategy the test makes: make_in(arena) gives it. Used once.
class explored_body {
 public:
  template <std::invocable<ravel::detail::shared_arena&> Make>
  explored_body(const ravel::explore_options& options, Make make_in) : options_(options), explore_(options_) {
    explore_.engine = options.engine == ravel::engine_choice::kernel || !ravel::detail::can_switch_contexts()
                          ? ravel::detail::engine_kind::kernel
                          : ravel::detail::engine_kind::user;
    recorded_ = explore_.arena.make<recorded_strategy>(*make_in(explore_.arena));
    explore_.chosen = recorded_;
  }
  explored_body(const ravel::explore_options& options, const std::string& strategy)
      : explored_body(options, [&](ravel::detail::shared_arena& arena) {
          return ravel::detail::make_strategy(arena, strategy, options.preemptions);
        }) {}

  // replayed: only this trial, and those that it needs; 0: all.
  ravel::report run(const ravel::body& body, std::uint64_t replayed = 0) {
    const ravel::detail::run_options common = ravel::detail::run_options_of(options_);
    ravel::environment asked = ravel::read_environment();
    if (replayed != 0)
      asked.replay =
          ravel::token{.test_case = 0, .strategy = recorded_->name(), .seed = options_.seed, .trial = replayed};
    ravel::detail::explore_mode mode(explore_);
    ravel::detail::supervised_run run(common, asked, body, mode);
    run.go();
    return run.make_report();
  }
  [[nodiscard]] const recorded_strategy& strategy() const { return *recorded_; }

 private:
  ravel::explore_options options_;
  ravel::detail::exploration explore_;
  recorded_strategy* recorded_ = nullptr;
};

}  // namespace explored
