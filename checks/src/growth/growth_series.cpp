// SPDX-License-Identifier: MIT
// Growth or plateau. Four stretches of the samples are compared: growth needs each one's least value above
// the greatest of the one before (pure noise does that once in 10^7), and a rise between the last two at
// least half of that between the first two (a cache that fills up flattens). Not thread safe; O(samples).
#include "growth_series.hpp"

namespace ravel::checks::detail {
namespace {

struct range {
  std::uint64_t least, greatest;
  double mean;
  double mean_trial;
};

// Four stretches of equal length, of at least four samples each. With room for it there are gaps between them,
// so that noise at their borders does not hide a slow rise.
range stretch(const growth_series& series, std::uint32_t number) noexcept {
  constexpr std::uint32_t eighth[] = {0, 2, 5, 7};
  const bool has_gaps = series.count >= 2 * growth_series::least;
  const std::uint32_t from = has_gaps ? series.count * eighth[number] / 8 : series.count * number / 4;
  const std::uint32_t to = has_gaps ? series.count * (eighth[number] + 1) / 8 : series.count * (number + 1) / 4;
  range result{series.value[from], series.value[from], 0, 0};
  for (std::uint32_t i = from; i < to; ++i) {
    if (series.value[i] < result.least) result.least = series.value[i];
    if (series.value[i] > result.greatest) result.greatest = series.value[i];
    result.mean += static_cast<double>(series.value[i]);
    result.mean_trial += static_cast<double>(series.trial[i]);
  }
  result.mean /= to - from;
  result.mean_trial /= to - from;
  return result;
}

// Rise per round; samples need not be evenly spaced.
double slope(const range& from, const range& to) noexcept {
  const double rounds = to.mean_trial - from.mean_trial;
  return rounds > 0 ? (to.mean - from.mean) / rounds : to.mean - from.mean;
}

}  // namespace

bool growth_series::add(std::uint64_t at_trial, std::uint64_t measured) noexcept {
  if (skipped < skip) {
    ++skipped;
    return false;
  }
  skipped = 0;
  if (count == capacity) {
    for (std::uint32_t i = 0; i < capacity / 2; ++i) {
      trial[i] = trial[2 * i];
      value[i] = value[2 * i];
    }
    count = capacity / 2;
    skip = 2 * skip + 1;
  }
  trial[count] = at_trial;
  value[count] = measured;
  ++count;
  return count >= least && (count & (count - 1)) == 0;
}

growth growth_series::judge(std::uint64_t least_rise) const noexcept {
  growth result{growth_shape::too_few, 0, 0, 0, 0};
  if (count == 0) return result;
  result.first_trial = trial[0];
  result.last_trial = trial[count - 1];
  result.first_value = value[0];
  result.last_value = value[count - 1];
  if (count < least) return result;
  result.shape = growth_shape::steady;
  const range first = stretch(*this, 0);
  const range second = stretch(*this, 1);
  const range third = stretch(*this, 2);
  const range fourth = stretch(*this, 3);
  const bool rises = second.least > first.greatest && third.least > second.greatest && fourth.least > third.greatest;
  const bool flattens = slope(third, fourth) < slope(first, second) / 2;
  if (rises && !flattens && fourth.mean - first.mean >= static_cast<double>(least_rise))
    result.shape = growth_shape::growing;
  return result;
}

}  // namespace ravel::checks::detail
