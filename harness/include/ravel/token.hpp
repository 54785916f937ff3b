// SPDX-License-Identifier: MIT
// Token: a short string that reproduces one trial. Form: r1.<test case>.<strategy>.<seed>.<trial>[.<schedule>]
//   test case  four hexadecimal digits, a hash of the test case's name
//   strategy   "stress": the round's random numbers; the interleaving is the machine's, so the round is
//              repeated until the finding shows again or the budget ends. Else the strategy of explore mode
//   trial      a number; or <first>-<trial>: the trial needs what those from <first> on leave behind in its process
//   schedule   explore mode: the switches that matter, see schedule_text.hpp; the strategy is then "schedule"
// All characters are safe in a POSIX shell. Parsing throws usage_error that says what is wrong with the token.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ravel {

struct token {
  std::uint32_t test_case = 0;  // 16 bits
  std::string strategy = "stress";
  std::uint64_t seed = 1;
  std::uint64_t trial = 1;
  std::uint64_t first = 0;  // 0: the trial needs no other
  std::string schedule = {};
};

[[nodiscard]] std::uint32_t hash_of_test_case(std::string_view name) noexcept;
[[nodiscard]] std::string to_string(const token& token);
[[nodiscard]] token parse_token(std::string_view text);

}  // namespace ravel
