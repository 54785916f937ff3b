// SPDX-License-Identifier: MIT
// A schedule in words that other builds understand: switches named by thread, operation, source line and occurrence.
// Text, the sixth part of a token: switches joined by ',', or "none" when the default order shows the finding.
//   <kind><thread>:<operation>:<place>:<occurrence>:<to>
//   kind        s: another thread goes on although this one could; b: this one cannot go on, or steps back; p: a pick
//   thread, to  creation path: 0 is the body's, 2 its second child, 2-1 that one's first; to of a pick: what is picked
//   operation   as shown in reports, blanks as '_': what the thread is about to do
//   place       <file name>=<line>=<hash of the line's text without blanks, 4 hexadecimal digits, and of the lines
//               before and after it, 2 each, which older tokens do not have>; empty: none known
//   occurrence  the thread's how manieth such operation there; 0: before its first event. b is at the first place from
//               there on where the thread cannot go on
// Before them, where the execution does without some calls that the body makes: x<thread>:<from>-<to>, by how manieth
// of such calls of the thread they are; x<thread>:<which> for one. Reading throws usage_error.
#pragma once

#include "engine/event.hpp"
#include "engine/schedule_log.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ravel::detail {

struct anchored_switch {
  decision_kind kind = decision_kind::at_point;
  std::string thread;
  operation what = operation::none;
  std::string file;  // without directories
  unsigned line = 0;
  unsigned hash = 0;  // 0: the source was not there
  unsigned occurrence = 0;
  std::string to;
  unsigned around = 0;  // hash of the line's neighbours; 0: not known

  bool operator==(const anchored_switch&) const = default;
};

// Calls of one thread that are left out, in a row; both ends included.
struct left_out_range {
  std::string thread;
  std::uint32_t from = 1, to = 1;

  bool operator==(const left_out_range&) const = default;
};

struct written_schedule {
  std::vector<left_out_range> left_out;
  std::vector<anchored_switch> switches;

  bool operator==(const written_schedule&) const = default;
};

[[nodiscard]] std::string to_text(const written_schedule& schedule);
[[nodiscard]] written_schedule parse_schedule(std::string_view text);
// For a reader: "thread 2, before its 3rd write at cache.cpp:41".
[[nodiscard]] std::string in_words(const anchored_switch& one);

}  // namespace ravel::detail
