// SPDX-License-Identifier: MIT
// Strategy "portfolio", the default: random, surw, rf, pos and pct by turns. Each has its own seat in every eight
// trials (block.hpp), so that none is ever left out; the free seats go by lot to those whose latest executions showed
// what was not seen before: a schedule, or two places in the code between which control changed hands. The first
// execution of a block teaches all that learn. A trial belongs to the strategy that name_for() tells, and that one
// repeats it: in its own seats and in the first of a block it does the same whether alone or in here. Cost: that of the
// strategy whose turn it is, and two hash probes a switch.
#pragma once

#include "engine/strategy.hpp"
#include "fixed_map.hpp"
#include "pct.hpp"
#include "pos.hpp"
#include "random.hpp"
#include "rf.hpp"
#include "surw.hpp"

namespace ravel::detail {

class portfolio_strategy final : public strategy {
 public:
  portfolio_strategy() noexcept;  // in zeroed memory

  [[nodiscard]] const char* name() const noexcept override { return "portfolio"; }
  [[nodiscard]] const char* name_for(std::uint64_t trial) const noexcept override;
  // In this run, which remembers whose turn it was. A new one would have to start at 1: the lots depend on all before.
  [[nodiscard]] std::uint64_t first_needed(std::uint64_t trial) const noexcept override;
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  void thread_created(controlled_thread& parent, controlled_thread& child) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;
  void ended(ending how, std::uint64_t points) noexcept override;
  [[nodiscard]] std::string coverage(bool is_clean, const std::string& hold_up) const override {
    return pct_.coverage(is_clean, hold_up);
  }

 private:
  enum member : std::uint8_t { random, surw, rf, pos, pct, members };
  static constexpr std::uint64_t most_remembered = 1u << 20;  // trials; later free seats are dealt in turn

  [[nodiscard]] strategy& at(std::uint32_t which) noexcept;
  [[nodiscard]] const strategy& at(std::uint32_t which) const noexcept {
    return const_cast<portfolio_strategy*>(this)->at(which);
  }
  [[nodiscard]] std::uint32_t member_for(std::uint64_t seed, std::uint64_t trial) noexcept;
  void settle() noexcept;

  random_strategy random_;
  surw_strategy surw_;
  rf_strategy rf_;
  pos_strategy pos_;
  pct_strategy pct_;

  bool is_first_;    // of its block: all that learn take part
  bool is_running_;  // start() was called, ended() not yet
  std::uint32_t turn_;
  std::uint64_t hash_;            // of the schedule so far
  std::uint32_t new_pairs_;       // of places, in this execution
  std::uint64_t worth_[members];  // 1'000 times what was new of late
  fixed_map<std::uint32_t, 1u << 17> schedules_;
  fixed_map<std::uint32_t, 1u << 15> handovers_;  // pairs of places
  std::uint8_t turns_[most_remembered];           // by trial; one more than the member, 0: not run
};

}  // namespace ravel::detail
