// SPDX-License-Identifier: MIT
// See source_places.hpp.
#include "source_places.hpp"

#include <algorithm>
#include <fstream>
#include <set>

namespace ravel::detail {

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

void source_places::learn(const trace& trace) {
  std::set<std::uintptr_t> unknown;
  const auto want = [&](std::uintptr_t pc) {
    if (pc > 1 && !frames_.contains(pc)) unknown.insert(pc);
  };
  for (std::uint32_t i = 0; i < std::min(trace.event_count, trace::most_events); ++i) {
    const traced_event& event = trace.events[i];
    want(event.pc);
    for (std::uint32_t c = 0; c < std::min(event.callers, traced_event::most_callers); ++c) want(event.caller[c]);
  }
  if (unknown.empty()) return;
  const std::vector<std::uintptr_t> pcs(unknown.begin(), unknown.end());
  std::vector<std::vector<frame>> found = symbolize(pcs, modules_);
  for (std::size_t i = 0; i < pcs.size(); ++i) frames_[pcs[i]] = std::move(found[i]);
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

const std::vector<unsigned>& source_lines::hashes(const std::string& path) {
  const auto [known, is_new] = files_.try_emplace(path);
  if (!is_new) return known->second;
  std::ifstream file(path);
  for (std::string text; std::getline(file, text);) {
    std::uint32_t hash = 2166136261u;  // FNV-1a, folded
    for (const char c : text)
      if (c != ' ' && c != '\t' && c != '\r') hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    const unsigned folded = (hash >> 16) ^ (hash & 0xffff);
    known->second.push_back(folded == 0 ? 1 : folded);
  }
  return known->second;
}

unsigned source_lines::hash_of(const std::string& path, unsigned line) {
  const std::vector<unsigned>& all = hashes(path);
  return line == 0 || line > all.size() ? 0 : all[line - 1];
}

unsigned source_lines::find(const std::string& path, unsigned line, unsigned hash) {
  const std::vector<unsigned>& all = hashes(path);
  if (hash == 0 || hash_of(path, line) == hash) return line;
  for (unsigned distance = 1; distance <= all.size() + line; ++distance) {
    if (hash_of(path, line + distance) == hash) return line + distance;
    if (distance < line && hash_of(path, line - distance) == hash) return line - distance;
  }
  return line;
}

}  // namespace ravel::detail
