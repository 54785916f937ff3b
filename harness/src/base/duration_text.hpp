// SPDX-License-Identifier: MIT
// Nanoseconds in the unit that a reader would choose: "500 us", "1.5 ms", "100 ms", "20 s". Any thread; allocates.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace ravel::detail {

[[nodiscard]] inline std::string duration_text(std::uint64_t nanoseconds) {
  constexpr struct {
    const char* name;
    double nanoseconds;
  } units[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}};
  char text[40];
  for (const auto& unit : units)
    if (const double value = static_cast<double>(nanoseconds) / unit.nanoseconds; value >= 0.99995) {
      std::snprintf(text, sizeof text, "%.4g %s", value, unit.name);
      return text;
    }
  return std::to_string(nanoseconds) + " ns";
}

}  // namespace ravel::detail
