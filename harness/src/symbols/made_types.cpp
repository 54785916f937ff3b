// SPDX-License-Identifier: MIT
// See made_types.hpp.
#include "made_types.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string_view>
#include <utility>

namespace ravel::detail {

namespace {

// "node" of "node, std::allocator<node> >(...)".
std::string first_argument(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (depth == 0 && (c == ',' || c == '>'))
      return std::string(text.substr(0, i == 0 || text[i - 1] != ' ' ? i : i - 1));
    depth += c == '<' || c == '(' ? 1 : c == '>' || c == ')' ? -1 : 0;
  }
  return {};
}

bool is_part_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string line_of_file(const std::string& path, unsigned line) {
  std::ifstream file(path);
  std::string text;
  for (unsigned i = 0; i < line; ++i)
    if (!std::getline(file, text)) return {};
  return text;
}

}  // namespace

std::string type_made_by(const std::string& function) {
  constexpr std::string_view allocator = "allocator<";
  const std::size_t call = function.find(">::allocate");
  const bool is_call = call != std::string::npos && call + 11 < function.size() &&
                       std::string_view("([").find(function[call + 11]) != std::string_view::npos;
  if (const std::size_t at = function.find(allocator); at != std::string::npos && is_call) {
    std::string type = first_argument(std::string_view(function).substr(at + allocator.size()));
    if (!type.empty() && type != "void") return type;
  }
  for (const std::string_view maker : {"make_unique<", "make_unique_for_overwrite<"}) {
    const std::size_t at = function.find(maker);
    if (at != std::string::npos) return first_argument(std::string_view(function).substr(at + maker.size()));
  }
  return {};
}

possible_type type_of_new_expression(const std::string& line) {
  possible_type found;
  unsigned count = 0;
  for (std::size_t at = line.find("new"); at != std::string::npos; at = line.find("new", at + 3)) {
    if ((at != 0 && is_part_of_word(line[at - 1])) || at + 3 >= line.size() || line[at + 3] != ' ') continue;
    std::size_t begin = line.find_first_not_of(' ', at + 3);
    if (begin == std::string::npos || !(is_part_of_word(line[begin]) || line[begin] == ':')) continue;
    std::size_t end = begin;
    int depth = 0;
    while (end < line.size() && (depth > 0 || is_part_of_word(line[end]) || line[end] == ':' || line[end] == '<')) {
      depth += line[end] == '<' ? 1 : line[end] == '>' ? -1 : 0;
      ++end;
    }
    ++count;
    found.name = line.substr(begin, end - begin);
    found.is_one = end >= line.size() || line[end] != '[';
  }
  return count == 1 ? found : possible_type{};
}

std::vector<possible_type> types_made_by(const std::vector<frame>& stack) {
  std::vector<possible_type> types;
  for (const frame& frame : stack) {
    possible_type one{type_made_by(frame.function), frame.function.find("make_unique") != std::string::npos};
    const auto is_known = [&](const possible_type& other) { return other.name == one.name; };
    if (!one.name.empty() && std::ranges::none_of(types, is_known)) types.push_back(std::move(one));
    if (!frame.is_user || frame.line == 0) continue;
    if (types.empty()) one = type_of_new_expression(line_of_file(frame.file, frame.line));
    if (types.empty() && !one.name.empty()) types.push_back(std::move(one));
    break;
  }
  return types;
}

}  // namespace ravel::detail
