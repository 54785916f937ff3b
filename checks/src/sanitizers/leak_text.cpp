// SPDX-License-Identifier: MIT
// See leak_text.hpp.
#include "leak_text.hpp"

#include "records/stack_copy.hpp"
#include "report_text_lines.hpp"

#include <algorithm>

namespace ravel::checks::sanitizers {

leak_report parse_leaks(const std::string& text) {
  leak_report result;
  leak* current = nullptr;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (text_line line; next_line(at, end, line);) {
    if (const std::uintptr_t pc = frame_address(line); pc != 0) {
      if (current != nullptr) add_pc(current->stack, pc);
      continue;
    }
    const bool is_direct = line.starts_with("Direct leak of ");
    if (!is_direct && !line.starts_with("Indirect leak of ")) continue;
    const std::uint64_t bytes = number_at(line.after(" leak of "), line.end);
    const std::uint64_t blocks = number_at(line.after("(s) in "), line.end);
    if (is_direct) {
      current = &result.direct.emplace_back();
      current->bytes = bytes;
      current->blocks = blocks;
    } else {
      current = nullptr;
      result.indirect_bytes += bytes;
      result.indirect_blocks += blocks;
    }
  }
  return result;
}

leak_report known_leaks::take_new(const leak_report& report) {
  leak_report fresh;
  std::map<std::uint64_t, leak> by_place;  // LSan may list one place more than once
  for (const leak& one : report.direct) {
    leak& sum = by_place.try_emplace(one.signature(), leak{0, 0, one.stack}).first->second;
    sum.bytes += one.bytes;
    sum.blocks += one.blocks;
  }
  for (auto& [place, one] : by_place) {
    amount& known = known_[place];
    if (one.blocks > known.blocks)
      fresh.direct.push_back({one.bytes - std::min(one.bytes, known.bytes), one.blocks - known.blocks, one.stack});
    known = {one.bytes, one.blocks};
  }
  fresh.indirect_bytes = report.indirect_bytes - std::min(report.indirect_bytes, indirect_.bytes);
  fresh.indirect_blocks = report.indirect_blocks - std::min(report.indirect_blocks, indirect_.blocks);
  indirect_ = {report.indirect_bytes, report.indirect_blocks};
  return fresh;
}

void known_leaks::forget() {
  known_.clear();
  indirect_ = {};
}

}  // namespace ravel::checks::sanitizers
