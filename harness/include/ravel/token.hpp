// SPDX-License-Identifier: MIT
// Token: a short string that reproduces one trial. Form: r1.<test case>.<strategy>.<seed>.<trial>
//   test case  four hexadecimal digits, a hash of the test case's name
//   strategy   "stress": the round's random numbers; the interleaving is the machine's, so the round is
//              repeated until the finding shows again or the budget ends
// Parsing throws usage_error that says what is wrong with the token.
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
};

[[nodiscard]] std::uint32_t hash_of_test_case(std::string_view name) noexcept;
[[nodiscard]] std::string to_string(const token& token);
[[nodiscard]] token parse_token(std::string_view text);

}  // namespace ravel
