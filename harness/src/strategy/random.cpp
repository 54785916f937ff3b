// SPDX-License-Identifier: MIT
// See random.hpp.
#include "random.hpp"

#include "../random.hpp"

#include <cmath>

namespace ravel::detail {

namespace {

double in_unit_interval(std::uint64_t bits) noexcept { return (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53; }

}  // namespace

void random_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0x7A4D));
  const double p = std::exp(std::log(0.01) * in_unit_interval(draw(random_)));
  log_of_staying_ = p > 0.97 ? 0 : std::log1p(-p);
}

std::uint64_t random_strategy::points_until_change() noexcept {
  if (log_of_staying_ == 0) return 1;
  return 1 + static_cast<std::uint64_t>(std::log(in_unit_interval(draw(random_))) / log_of_staying_);
}

decision random_strategy::choose(const choice& at) noexcept {
  controlled_thread* next = at.ready[scale(draw(random_), at.ready_count)];
  if (at.self_can_go_on && at.ready_count > 1)
    while (next == at.self) next = at.ready[scale(draw(random_), at.ready_count)];
  return {next, points_until_change()};
}

std::uint32_t random_strategy::pick(std::uint32_t count) noexcept {
  return static_cast<std::uint32_t>(scale(draw(random_), count));
}

}  // namespace ravel::detail
