// SPDX-License-Identifier: MIT
// Answers questions of its standard input; see questions.hpp. Ends with its input.
#include "module_names.hpp"

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ravel::names {

namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find('\t', begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

std::uint64_t number(const std::string& text) {
  const bool is_negative = text.starts_with('-');
  const std::uint64_t value = std::strtoull(text.c_str() + (is_negative ? 1 : 0), nullptr, 16);
  return is_negative ? 0 - value : value;
}

place place_of(const std::string& offset, const std::string& bytes, const std::string& value) {
  place at;
  at.offset = static_cast<std::int64_t>(number(offset));
  at.bytes = number(bytes);
  if (value != "-") at.value = number(value);
  return at;
}

class modules {
 public:
  module_names& at(const std::string& path) {
    std::unique_ptr<module_names>& known = known_[path];
    if (known == nullptr) known = std::make_unique<module_names>(path);
    return *known;
  }

 private:
  std::map<std::string, std::unique_ptr<module_names>> known_;
};

std::string answer_to(const std::string& line, modules& all) {
  const std::vector<std::string> field = fields_of(line);
  if (field.size() < 2) return "-";
  module_names& module = all.at(field[1]);
  if (!module.problem().empty()) return "!" + module.problem();
  std::optional<answer> found;
  if (field[0] == "G" && field.size() == 5)
    found = module.global_at(number(field[2]), place_of("0x0", field[3], field[4]));
  else if (field[0] == "L" && field.size() == 6)
    found = module.local_at(number(field[2]), place_of(field[3], field[4], field[5]));
  else if ((field[0] == "T" || field[0] == "E") && field.size() == 7)
    found = module.member_of(field[2], number(field[3]), field[0] == "E", place_of(field[4], field[5], field[6]));
  if (!found) return "-";
  return found->name + "\t" + found->value + (found->is_pointer ? "\tpointer" : "\t");
}

}  // namespace

}  // namespace ravel::names

int main() {
  std::ios::sync_with_stdio(false);
  ravel::names::modules all;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << ravel::names::answer_to(line, all) << "\n\n" << std::flush;
  return 0;
}
