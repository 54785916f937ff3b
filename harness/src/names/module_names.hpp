// SPDX-License-Identifier: MIT
// What a module's debug information says of its variables and types: DWARF 4 and 5, split where the .dwo files are
// found. Cost: one walk over all units but the insides of types and functions' code when the first question comes; a
// question is O(log variables), for locals O(variables of the function).
#pragma once

#include "questions.hpp"

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ravel::names {

class module_names {
 public:
  explicit module_names(const std::string& path);
  ~module_names();
  module_names(const module_names&) = delete;
  module_names& operator=(const module_names&) = delete;

  // Why nothing can be told; empty when it can.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

  [[nodiscard]] std::optional<answer> global_at(std::uint64_t address, const place& at);
  // at.offset: from the frame pointer of the function that pc is in.
  [[nodiscard]] std::optional<answer> local_at(std::uint64_t pc, const place& at);
  // In a block of so many bytes that holds one of the type, or several.
  [[nodiscard]] std::optional<answer> member_of(const std::string& type, std::uint64_t block, bool is_one,
                                                const place& at);

 private:
  struct variable {
    std::uint64_t address, size;
    Dwarf_Die type;
    std::string name;
  };

  // They differ where the debug information is split.
  struct unit {
    Dwarf_Die ranges, scope;
  };

  void open(const std::string& path);
  void learn();
  void learn_from(Dwarf_Die scope, unsigned depth);
  void learn_variable(Dwarf_Die die);
  [[nodiscard]] std::optional<Dwarf_Die> type_named(const std::string& name, std::uint64_t block, bool is_one);

  std::string problem_;
  int file_ = -1;
  Dwarf* dwarf_ = nullptr;
  std::vector<unit> units_;
  std::vector<variable> variables_;              // by address
  std::multimap<std::string, Dwarf_Die> types_;  // by name without scopes
};

}  // namespace ravel::names
