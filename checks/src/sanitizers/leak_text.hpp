// SPDX-License-Identifier: MIT
// LeakSanitizer's report, read from its text, and what is new in it: it tells of every leak again at each check.
// Thread safety: one thread at a time. Allocates. Cost: O(text).
#pragma once

#include <ravel/finding.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ravel::checks::sanitizers {

struct leak {
  std::uint64_t bytes = 0;
  std::uint64_t blocks = 0;
  raw_stack stack{};  // of the allocation
  [[nodiscard]] std::uint64_t signature() const noexcept { return mix_stack(41, stack); }
};

// Blocks that nothing points to; what only they point to is in indirect_*.
struct leak_report {
  std::vector<leak> direct;
  std::uint64_t indirect_bytes = 0;
  std::uint64_t indirect_blocks = 0;
};
[[nodiscard]] leak_report parse_leaks(const std::string& text);

// The leaks told already in this process.
class known_leaks {
 public:
  // What is new, or grew by that much, since the last report.
  [[nodiscard]] leak_report take_new(const leak_report& report);
  void forget();

 private:
  struct amount {
    std::uint64_t bytes = 0, blocks = 0;
  };
  std::map<std::uint64_t, amount> known_;
  amount indirect_;
};

}  // namespace ravel::checks::sanitizers
