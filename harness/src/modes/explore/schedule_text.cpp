// SPDX-License-Identifier: MIT
// See schedule_text.hpp.
#include "schedule_text.hpp"

#include "engine/left_out_calls.hpp"

#include <ravel/usage_error.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace ravel::detail {

namespace {

constexpr std::string_view letters = "sbp";

[[noreturn]] void refuse(std::string_view part, const std::string& why) {
  throw usage_error("the schedule of this token cannot be read at \"" + std::string(part) + "\": " + why +
                    ". Copy the token whole from the rerun line of a finding.");
}

char letter_for(decision_kind kind) {
  return kind == decision_kind::pick ? 'p' : kind == decision_kind::at_point ? 's' : 'b';
}

std::string word_of(operation what) {
  std::string word = word_for(what);
  std::ranges::replace(word, ' ', '_');
  return word;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-' || c == '+';
}

std::string encoded(const std::string& name) {
  std::string text;
  for (const char c : name) {
    char hex[4];
    std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned char>(c));
    text += is_plain(c) ? std::string(1, c) : hex;
  }
  return text;
}

unsigned number(std::string_view whole, std::string_view digits, int base = 10) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc{} || end != digits.data() + digits.size())
    refuse(whole, "\"" + std::string(digits) + "\" is not a number");
  return value;
}

std::string decoded(std::string_view whole, std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      name += text[i];
      continue;
    }
    name += static_cast<char>(number(whole, text.substr(i + 1, 2), 16));
    i += 2;
  }
  return name;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

void check_path(std::string_view whole, std::string_view path) {
  for (const std::string_view step : split(path, '-')) static_cast<void>(number(whole, step));
}

anchored_switch parse_switch(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ':');
  if (parts.size() != 5) refuse(text, "a switch has five parts, joined by ':'");
  anchored_switch result;
  const std::size_t letter = parts[0].empty() ? std::string_view::npos : letters.find(parts[0][0]);
  if (letter == std::string_view::npos)
    refuse(text, "a switch starts with s, b or p, and calls that are left out with x");
  result.kind = letter == 0 ? decision_kind::at_point : letter == 1 ? decision_kind::forced : decision_kind::pick;
  result.thread = parts[0].substr(1);
  result.to = parts[4];
  check_path(text, result.thread);
  check_path(text, result.to);
  unsigned what = 0;
  while (what < operation_count && word_of(static_cast<operation>(what)) != parts[1]) ++what;
  if (what == operation_count) refuse(text, "this version knows no operation \"" + std::string(parts[1]) + "\"");
  result.what = static_cast<operation>(what);
  if (!parts[2].empty()) {
    const std::vector<std::string_view> place = split(parts[2], '=');
    if (place.size() != 3) refuse(text, "a place is a file, a line and a hash, joined by '='");
    result.file = decoded(text, place[0]);
    result.line = number(text, place[1]);
    result.hash = number(text, place[2].substr(0, 4), 16);
    if (place[2].size() > 4) result.around = number(text, place[2].substr(4), 16);
  }
  result.occurrence = number(text, parts[3]);
  return result;
}

left_out_range parse_left_out(std::string_view text) {
  const std::vector<std::string_view> parts = split(text.substr(1), ':');
  if (parts.size() != 2) refuse(text, "calls that are left out are a thread and their numbers, joined by ':'");
  left_out_range result;
  result.thread = parts[0];
  check_path(text, result.thread);
  const std::vector<std::string_view> ends = split(parts[1], '-');
  if (ends.size() > 2) refuse(text, "calls that are left out are one number, or two joined by '-'");
  result.from = number(text, ends.front());
  result.to = number(text, ends.back());
  if (result.from == 0 || result.to < result.from || result.to - result.from >= left_out_calls::capacity)
    refuse(text, "calls count from 1, the first one is named first, and there are no more than " +
                     std::to_string(left_out_calls::capacity));
  return result;
}

}  // namespace

std::string to_text(const written_schedule& schedule) {
  std::string text;
  for (const left_out_range& one : schedule.left_out) {
    if (!text.empty()) text += ',';
    text += "x" + one.thread + ":" + std::to_string(one.from);
    if (one.to != one.from) text += "-" + std::to_string(one.to);
  }
  for (const anchored_switch& one : schedule.switches) {
    if (!text.empty()) text += ',';
    text += letter_for(one.kind) + one.thread + ":" + word_of(one.what) + ":";
    if (!one.file.empty()) {
      char hash[12];
      std::snprintf(hash, sizeof hash, one.around == 0 ? "%04x" : "%04x%04x", one.hash & 0xffff, one.around & 0xffff);
      text += encoded(one.file) + "=" + std::to_string(one.line) + "=" + hash;
    }
    text += ":" + std::to_string(one.occurrence) + ":" + one.to;
  }
  return text.empty() ? "none" : text;
}

written_schedule parse_schedule(std::string_view text) {
  written_schedule schedule;
  if (text == "none") return schedule;
  for (const std::string_view part : split(text, ','))
    if (part.starts_with('x'))
      schedule.left_out.push_back(parse_left_out(part));
    else
      schedule.switches.push_back(parse_switch(part));
  return schedule;
}

std::string in_words(const anchored_switch& one) {
  if (one.occurrence == 0)
    return "thread " + one.thread + (one.kind == decision_kind::forced ? ", where it first waits" : ", at its start");
  const char* where = one.kind == decision_kind::at_point ? ", before its "
                      : one.kind == decision_kind::forced ? ", where it waits from its "
                                                          : ", at its ";
  std::string text = "thread " + one.thread + where;
  text += "occurrence " + std::to_string(one.occurrence) + " of \"" + word_for(one.what) + "\"";
  return one.file.empty() ? text : text + " at " + one.file + ":" + std::to_string(one.line);
}

}  // namespace ravel::detail
