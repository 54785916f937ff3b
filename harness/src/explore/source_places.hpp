// SPDX-License-Identifier: MIT
// Which line of the user's an event belongs to, and how a line is found again in an edited file. Parent only.
// Cost: one symboliser process for each trace that is learned; source files are read once.
#pragma once

#include "../report_building.hpp"
#include "trace.hpp"

#include <ravel/finding.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ravel::detail {

class source_places {
 public:
  explicit source_places(const module_table& modules) : modules_(modules) {}

  void learn(const trace& trace);
  // The innermost line of the user's; nullptr when there is none.
  [[nodiscard]] const frame* of(const traced_event& event) const;

 private:
  const frame* user_frame_at(std::uintptr_t pc) const;

  const module_table& modules_;
  std::map<std::uintptr_t, std::vector<frame>> frames_;
};

class source_lines {
 public:
  // Of the line's text without blanks, 16 bits; 0 when there is no such line, or no such file.
  [[nodiscard]] unsigned hash_of(const std::string& path, unsigned line);
  // The line itself if it has this hash, else the nearest one that has it, else the line itself.
  [[nodiscard]] unsigned find(const std::string& path, unsigned line, unsigned hash);

 private:
  const std::vector<unsigned>& hashes(const std::string& path);
  std::map<std::string, std::vector<unsigned>> files_;
};

[[nodiscard]] std::string base_name(const std::string& path);

}  // namespace ravel::detail
