// SPDX-License-Identifier: MIT
// Strategy "random": at each point another ready thread with probability p, else the same one goes on. p is drawn for
// each execution from 1% to 100% on a logarithmic scale: with p fixed at 100% no thread ever runs far ahead of the
// others, and whole classes of bugs stay hidden. The points until the next change are drawn at once (a geometric
// distribution), so that those between cost nothing.
// Cost: one draw a switch.
#pragma once

#include "engine/strategy.hpp"

namespace ravel::detail {

class random_strategy final : public strategy {
 public:
  random_strategy() noexcept;
  [[nodiscard]] const char* name() const noexcept override { return "random"; }
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;

 private:
  [[nodiscard]] std::uint64_t points_until_change() noexcept;

  static constexpr unsigned log_steps = 64;

  std::uint64_t random_[2];
  bool was_alone_;              // nobody else was ready when it was asked last
  double mean_stay_;            // -1 / ln(1 - p), in points; 0: p is 1
  double logs_[log_steps + 1];  // ln(1 + i / log_steps)
};

}  // namespace ravel::detail
