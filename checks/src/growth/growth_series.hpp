// SPDX-License-Identifier: MIT
// A quantity measured at the end of rounds (entries kept, bytes in use, descriptors), and the judgement
// whether it grows without end or has reached what is merely kept for reuse.
// Plain data; zeroed memory is a valid empty series. Not thread safe. Cost: add O(1), judge O(samples);
// at most 128 samples are kept: when full, every second one goes and from then on every second is taken.
#pragma once

#include <cstdint>

namespace ravel::checks::detail {

enum class growth_shape : std::uint8_t {
  too_few,  // fewer samples than 16
  steady,   // a plateau, or a rise that flattens
  growing,  // each stretch of rounds lies wholly above the one before, and the rise does not flatten
};

struct growth {
  growth_shape shape;
  std::uint64_t first_trial, last_trial;
  std::uint64_t first_value, last_value;

  // Rise per round, in thousandths.
  [[nodiscard]] std::uint64_t per_1000_trials() const noexcept {
    if (last_value <= first_value || last_trial <= first_trial) return 0;
    return (last_value - first_value) * 1000 / (last_trial - first_trial);
  }
};

struct growth_series {
  static constexpr std::uint32_t capacity = 128;
  static constexpr std::uint32_t least = 16;

  std::uint32_t count;
  std::uint32_t skip;  // samples left out between two that are kept
  std::uint32_t skipped;
  std::uint64_t trial[capacity];
  std::uint64_t value[capacity];

  void clear() noexcept { count = skip = skipped = 0; }
  // True when it is time to judge: at 16, 32, 64, ... samples.
  bool add(std::uint64_t at_trial, std::uint64_t measured) noexcept;
  // least_rise: a rise by less than this from the first stretch to the last is steady.
  [[nodiscard]] growth judge(std::uint64_t least_rise) const noexcept;
};

}  // namespace ravel::checks::detail
