// SPDX-License-Identifier: MIT
// See source_places.hpp.
#include "source_places.hpp"

#include "symbols/names.hpp"
#include "symbols/symbolize.hpp"

#include <algorithm>
#include <fstream>
#include <set>

namespace ravel::detail {

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

void source_places::learn(const trace& trace) {
  std::vector<std::uintptr_t> pcs;
  const auto want = [&](std::uintptr_t pc) { pcs.push_back(pc); };
  for (std::uint32_t i = 0; i < std::min(trace.event_count, trace::most_events); ++i) {
    const traced_event& event = trace.events[i];
    want(event.pc);
    for (std::uint32_t c = 0; c < std::min(event.callers, traced_event::most_callers); ++c) want(event.caller[c]);
  }
  learn(pcs);
}

void source_places::learn(const std::vector<std::uintptr_t>& wanted) {
  std::set<std::uintptr_t> unknown;
  for (const std::uintptr_t pc : wanted)
    if (pc > 1 && !frames_.contains(pc)) unknown.insert(pc);
  if (unknown.empty()) return;
  const std::vector<std::uintptr_t> pcs(unknown.begin(), unknown.end());
  std::vector<std::vector<frame>> found = symbolize(pcs, modules_);
  for (std::size_t i = 0; i < pcs.size(); ++i) frames_[pcs[i]] = std::move(found[i]);
}

const std::vector<frame>& source_places::frames_at(std::uintptr_t pc) const {
  static const std::vector<frame> none;
  const auto known = frames_.find(pc);
  return known == frames_.end() ? none : known->second;
}

const frame* source_places::user_frame_at(std::uintptr_t pc) const {
  const auto known = frames_.find(pc);
  if (known == frames_.end()) return nullptr;
  const auto first =
      std::ranges::find_if(known->second, [](const frame& frame) { return frame.is_user && frame.line != 0; });
  return first == known->second.end() ? nullptr : &*first;
}

const frame* source_places::of(const traced_event& event) const {
  if (const frame* place = user_frame_at(event.pc)) return place;
  for (std::uint32_t i = 0; i < std::min(event.callers, traced_event::most_callers); ++i)
    if (const frame* place = user_frame_at(event.caller[i])) return place;
  return nullptr;
}

std::string source_places::calls_of_stack(const std::uintptr_t* pcs, std::uint32_t count) const {
  std::vector<std::string> calls;  // innermost first
  for (std::uint32_t i = 0; i < count; ++i)
    for (const frame& frame : frames_at(pcs[i])) {
      // What called Ravel is not part of the trial.
      if (frame.function == "ravel_context_start" || frame.function.starts_with("ravel::detail::run_batch(")) {
        count = 0;
        break;
      }
      if (!frame.is_user || frame.function.empty()) continue;
      if (std::string name = short_function_name(frame.function); calls.empty() || calls.back() != name)
        calls.push_back(std::move(name));
    }
  std::string text;
  for (auto call = calls.rbegin(); call != calls.rend(); ++call) text += (text.empty() ? "" : " > ") + *call;
  return text;
}

std::string source_places::calls_of(const traced_event& event) const {
  std::uintptr_t pcs[traced_event::most_callers + 1] = {event.pc};
  std::uint32_t count = 1;
  // The innermost caller may be the event's own place once more.
  for (std::uint32_t i = 0; i < std::min(event.callers, traced_event::most_callers); ++i)
    if (event.caller[i] != event.pc) pcs[count++] = event.caller[i];
  return calls_of_stack(pcs, count);
}

namespace {

// FNV-1a, folded; 0 when there is nothing but blanks.
unsigned hash_of(const std::string& text) {
  std::uint32_t hash = 2166136261u;
  bool is_blank = true;
  for (const char c : text)
    if (c != ' ' && c != '\t' && c != '\r') {
      hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
      is_blank = false;
    }
  const unsigned folded = (hash >> 16) ^ (hash & 0xffff);
  return is_blank ? 0 : folded == 0 ? 1 : folded;
}

unsigned folded_to_byte(unsigned hash) {
  const unsigned folded = (hash >> 8) ^ (hash & 0xff);
  return hash == 0 ? 0 : folded == 0 ? 1 : folded;
}

unsigned neighbours_alike(unsigned a, unsigned b) {
  return ((a ^ b) & 0xff00 ? 0u : 1u) + ((a ^ b) & 0x00ff ? 0u : 1u);
}

}  // namespace

const std::vector<line_mark>& source_lines::marks(const std::string& path) {
  const auto [known, is_new] = files_.try_emplace(path);
  std::vector<line_mark>& all = known->second;
  if (!is_new) return all;
  std::ifstream file(path);
  unsigned before = 0;
  for (std::string text; std::getline(file, text);) {
    all.push_back({hash_of(text), before << 8});
    if (all.back().text != 0) before = folded_to_byte(all.back().text);
  }
  unsigned after = 0;
  for (auto mark = all.rbegin(); mark != all.rend(); ++mark) {
    mark->around |= after;
    if (mark->text != 0) after = folded_to_byte(mark->text);
  }
  return all;
}

line_mark source_lines::mark_of(const std::string& path, unsigned line) {
  const std::vector<line_mark>& all = marks(path);
  return line == 0 || line > all.size() ? line_mark{} : all[line - 1];
}

unsigned source_lines::find(const std::string& path, unsigned line, line_mark mark) {
  if (mark.text == 0) return line;
  const std::vector<line_mark>& all = marks(path);
  unsigned best = line, best_score = 0, best_distance = 0;
  for (unsigned there = 1; there <= all.size(); ++there) {
    const line_mark& candidate = all[there - 1];
    const unsigned alike = mark.around == 0 ? 0 : neighbours_alike(candidate.around, mark.around);
    const bool is_between = alike == 2 && candidate.text != 0;
    const unsigned score = candidate.text == mark.text ? 2 + alike : is_between ? 1 : 0;
    const unsigned distance = there < line ? line - there : there - line;
    if (score == 0 || score < best_score || (score == best_score && distance >= best_distance)) continue;
    best = there;
    best_score = score;
    best_distance = distance;
  }
  return best;
}

}  // namespace ravel::detail
