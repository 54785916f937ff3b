// SPDX-License-Identifier: MIT
// Which line of the user's an event belongs to, and how a line is found again in an edited file. Parent only.
// Cost: one symboliser process for each trace that is learned; source files are read once.
#pragma once

#include "record/modules.hpp"
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
  void learn(const std::vector<std::uintptr_t>& pcs);
  // The innermost line of the user's; nullptr when there is none.
  [[nodiscard]] const frame* of(const traced_event& event) const;
  // The user's functions that led to it, outermost first: "transfer() > account::take()".
  [[nodiscard]] std::string calls_of(const traced_event& event) const;
  [[nodiscard]] std::string calls_of_stack(const std::uintptr_t* pcs, std::uint32_t count) const;
  // Of what was learned; the innermost first.
  [[nodiscard]] const std::vector<frame>& frames_at(std::uintptr_t pc) const;
  [[nodiscard]] const frame* user_frame_at(std::uintptr_t pc) const;
  [[nodiscard]] bool has_user_frame(std::uintptr_t pc) const { return user_frame_at(pc) != nullptr; }

 private:
  const module_table& modules_;
  std::map<std::uintptr_t, std::vector<frame>> frames_;
};

// A line by its text without blanks, and by the nearest lines before and after that have any.
struct line_mark {
  unsigned text = 0;    // 16 bits; 0: no such line, or no such file
  unsigned around = 0;  // 8 bits of the line before, 8 of that after; 0: not known
};

class source_lines {
 public:
  [[nodiscard]] line_mark mark_of(const std::string& path, unsigned line);
  // The line with this text, of several the one with most of these neighbours, of several the nearest to `line`. When
  // there is none: the nearest one between these neighbours; else `line` itself.
  [[nodiscard]] unsigned find(const std::string& path, unsigned line, line_mark mark);

 private:
  const std::vector<line_mark>& marks(const std::string& path);
  std::map<std::string, std::vector<line_mark>> files_;
};

[[nodiscard]] std::string base_name(const std::string& path);

}  // namespace ravel::detail
