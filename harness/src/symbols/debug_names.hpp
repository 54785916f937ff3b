// SPDX-License-Identifier: MIT
// Names of members and local variables by debug information, from the program ravel_names (harness/src/names), which
// RAVEL_NAMES names, or which was built with this library. Parent only, single-threaded.
// Cost: a process for each list of questions, which reads the debug information of the modules asked about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ravel::detail {

struct debug_name {
  std::string name;   // empty: not known
  std::string value;  // in words; empty: not known
  bool is_pointer = false;
  bool is_found = false;  // also with an empty name: of a member, it is the object itself
};

// What is asked of an access of so many bytes; 0: of a lock or the like, largest_there: of an object that is pointed
// to.
struct name_question {
  static constexpr std::uint64_t largest_there = 0xffffffff;
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> value = {};

  [[nodiscard]] std::string of_global(const std::string& module, std::uintptr_t in_file) const;
  [[nodiscard]] std::string of_local(const std::string& module, std::uintptr_t pc_in_file,
                                     std::intptr_t from_frame) const;
  // is_one: the block holds one object of the type, else one or several.
  [[nodiscard]] std::string of_member(const std::string& module, const std::string& type, std::uint64_t block,
                                      std::uint64_t offset, bool is_one) const;
};

// One for each question.
[[nodiscard]] std::vector<debug_name> ask_names(const std::vector<std::string>& questions);

// Why some of the answers of this process are missing; empty when all is well.
[[nodiscard]] std::string debug_names_problem();

}  // namespace ravel::detail
