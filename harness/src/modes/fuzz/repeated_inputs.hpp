// SPDX-License-Identifier: MIT
// Does the same input do the same again? Every 1,000th input one of the latest hundred is run once more, and what it
// decided and passed is compared; a difference is told once. Not thread safe. Cost: a thousandth of the inputs'.
#pragma once

#include "engine/execution.hpp"

#include <ravel/fuzz_input.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ravel::detail {

// What an execution was, as far as it is cheap to know: its points, and a hash of its decisions.
struct seen_execution {
  std::uint64_t points = 0, decisions = 0;
  bool operator==(const seen_execution&) const = default;
};
[[nodiscard]] seen_execution seen_of(const execution& execution, const schedule_log& log) noexcept;

class repeated_inputs {
 public:
  static constexpr std::uint64_t every = 1'000;
  static constexpr std::size_t kept = 100;

  void note(input_bytes bytes, const seen_execution& seen);
  // When it is time: runs one again. What differed, in words; empty: nothing, or it has been told.
  [[nodiscard]] std::string differs(const std::function<seen_execution(input_bytes)>& run);

 private:
  struct one {
    std::vector<std::uint8_t> bytes;
    seen_execution seen;
  };
  std::vector<one> latest_;
  std::uint64_t count_ = 0;
  bool is_told_ = false;
};

}  // namespace ravel::detail
