// SPDX-License-Identifier: MIT
// See token.hpp.
#include <ravel/token.hpp>

#include <ravel/usage_error.hpp>

#include <array>
#include <charconv>

namespace ravel {

namespace {

constexpr const char* form =
    "r1.<test case: 4 hexadecimal digits>.<strategy>.<seed>.<trial>, e.g. r1.4f2a.stress.7.17, or the same followed by "
    ".<schedule>";
constexpr std::string_view schedule_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:,@%+=-";

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw usage_error("\"" + std::string(text) + "\" is not a token: " + why + ". A token has the form " + form +
                    "; copy it whole from the rerun line of a finding.");
}

std::uint64_t parse_number(std::string_view whole, std::string_view part, const char* name, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, base);
  if (error != std::errc{} || end != part.data() + part.size())
    refuse(whole, std::string("its ") + name + " \"" + std::string(part) + "\" is not a number");
  return value;
}

}  // namespace

std::uint32_t hash_of_test_case(std::string_view name) noexcept {
  std::uint32_t hash = 2166136261u;  // FNV-1a, folded to 16 bits
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return (hash >> 16) ^ (hash & 0xffff);
}

std::string to_string(const token& token) {
  std::string digits(4, '0');
  for (int i = 0; i < 4; ++i) digits[3 - i] = "0123456789abcdef"[(token.test_case >> (4 * i)) & 15];
  std::string text = "r1." + digits + "." + token.strategy + "." + std::to_string(token.seed) + ".";
  if (token.first != 0) text += std::to_string(token.first) + "-";
  text += std::to_string(token.trial);
  return token.schedule.empty() ? text : text + "." + token.schedule;
}

token parse_token(std::string_view text) {
  std::array<std::string_view, 6> parts;
  std::size_t count = 0;
  std::string_view rest = text;
  for (bool is_last = false; !is_last;) {
    // A schedule names files, so it has dots of its own.
    const std::size_t dot = count + 1 == parts.size() ? std::string_view::npos : rest.find('.');
    is_last = dot == std::string_view::npos;
    parts[count++] = rest.substr(0, dot);
    if (!is_last) rest.remove_prefix(dot + 1);
  }
  if (parts[0] != "r1") refuse(text, "this version reads tokens that start with \"r1.\"");
  if (count < 5) refuse(text, "it has " + std::to_string(count) + " of five parts");
  if (parts[1].size() != 4) refuse(text, "its test case must have four hexadecimal digits");
  token result;
  result.test_case = static_cast<std::uint32_t>(parse_number(text, parts[1], "test case", 16));
  result.strategy = parts[2];
  if (result.strategy.empty()) refuse(text, "its strategy is empty");
  result.seed = parse_number(text, parts[3], "seed", 10);
  const std::size_t dash = parts[4].find('-');
  result.trial = parse_number(text, dash == std::string_view::npos ? parts[4] : parts[4].substr(dash + 1), "trial", 10);
  if (dash != std::string_view::npos) result.first = parse_number(text, parts[4].substr(0, dash), "first trial", 10);
  if (result.trial == 0 || (dash != std::string_view::npos && result.first == 0)) refuse(text, "trials count from 1");
  if (result.first > result.trial) refuse(text, "its first trial comes after the trial itself");
  if (count == parts.size() && result.strategy != "schedule")
    refuse(text, "it has more than five parts, but its strategy is not \"schedule\"");
  if (count < parts.size() && result.strategy == "schedule") refuse(text, "its sixth part, the schedule, is missing");
  if (count < parts.size()) return result;
  result.schedule = parts[5];
  if (result.schedule.empty()) refuse(text, "its schedule is empty");
  if (const std::size_t at = result.schedule.find_first_not_of(schedule_characters); at != std::string::npos)
    refuse(text, std::string("its schedule has the character '") + result.schedule[at] + "', which no token has");
  return result;
}

}  // namespace ravel
