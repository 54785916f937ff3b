// SPDX-License-Identifier: MIT
// See random.hpp.
#include "random.hpp"

#include "base/random.hpp"

#include <bit>
#include <cmath>
#include <numbers>

namespace ravel::detail {

namespace {

double in_unit_interval(std::uint64_t bits) noexcept { return (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53; }

}  // namespace

random_strategy::random_strategy() noexcept {
  for (unsigned i = 0; i <= log_steps; ++i) logs_[i] = std::log1p(static_cast<double>(i) / log_steps);
}

void random_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0x7A4D));
  const double p = std::exp(std::log(0.01) * in_unit_interval(draw(random_)));
  was_alone_ = false;
  mean_stay_ = p > 0.97 ? 0 : -1 / std::log1p(-p);
}

// 1 + floor(ln(u) / ln(1 - p)) with u uniform in (0, 1). ln(u) is read from a table, between whose entries it is
// straight: u = m / 2^(k + 1) with 1 <= m < 2.
std::uint64_t random_strategy::points_until_change() noexcept {
  if (mean_stay_ == 0) return 1;
  const std::uint64_t bits = draw(random_) | 1;
  const int k = std::countl_zero(bits);
  const std::uint64_t m = bits << k << 1;  // without its leading 1
  const auto step = static_cast<unsigned>(m >> 58);
  const double between = static_cast<double>(static_cast<std::uint32_t>(m >> 26)) * 0x1p-32;
  const double log_of_m = logs_[step] + between * (logs_[step + 1] - logs_[step]);
  return 1 +
         static_cast<std::uint64_t>(static_cast<std::int64_t>((std::numbers::ln2 * (k + 1) - log_of_m) * mean_stay_));
}

// Who is alone goes on until another thread is ready, and is not left just because that one came.
decision random_strategy::choose(const choice& at) noexcept {
  const bool was_alone = was_alone_;
  was_alone_ = at.ready_count == 1;
  if (was_alone_) return {at.ready[0], unlimited, true};
  if (was_alone && at.self_can_go_on) return {at.self, points_until_change()};
  const bool is_another = at.self_can_go_on && at.ready_count > 1;
  std::uint64_t place = scale(draw(random_), at.ready_count - (is_another ? 1 : 0));
  if (is_another && place >= at.self->place_in_ready) ++place;
  return {at.ready[place], points_until_change()};
}

std::uint32_t random_strategy::pick(std::uint32_t count) noexcept {
  return static_cast<std::uint32_t>(scale(draw(random_), count));
}

}  // namespace ravel::detail
