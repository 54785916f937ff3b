// SPDX-License-Identifier: MIT
// See anchors.hpp.
#include "anchors.hpp"

#include <ravel/finding.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace ravel::detail {

namespace {

std::uint64_t path_of(std::string_view text) {
  std::uint64_t path = path_of_body;
  if (text == "0") return path;
  for (;;) {
    std::uint64_t child = 0;
    std::from_chars(text.data(), text.data() + text.size(), child);
    path = mix(path, child);
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return path;
    text.remove_prefix(dash + 1);
  }
}

bool is_alike(const frame* a, const frame* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->line == b->line && a->file == b->file;
}

// A thread has one start and one end, at no line of its own; whose frames are found around them differs.
const frame* place_of(const traced_event& event, const source_places& places) {
  return event.what == operation::start || event.what == operation::exit ? nullptr : places.of(event);
}

// The event that a switch belongs to, and how many of its kind its thread had had until then, this one included.
const traced_event* event_of(const scripted_switch& one, std::uint32_t thread, const trace& trace,
                             const source_places& places, unsigned& occurrence) {
  const traced_event* wanted = nullptr;
  for (std::uint32_t i = 0; i < trace.event_count && wanted == nullptr; ++i)
    if (trace.events[i].thread == thread && trace.events[i].event == one.event) wanted = &trace.events[i];
  if (wanted == nullptr) return nullptr;
  const frame* place = place_of(*wanted, places);
  occurrence = 0;
  for (const traced_event* event = trace.events; event <= wanted; ++event)
    if (event->thread == thread && event->what == wanted->what && is_alike(place_of(*event, places), place))
      ++occurrence;
  return wanted;
}

// Events at the line that a switch names, which is looked for once in each file of that name.
class named_line {
 public:
  named_line(const anchored_switch& one, source_lines& lines) : one_(one), lines_(lines) {}

  bool has(const frame* place) {
    if (one_.file.empty() || place == nullptr) return one_.file.empty() && place == nullptr;
    const auto [known, is_new] = line_in_.try_emplace(place->file, 0);
    if (is_new && base_name(place->file) == one_.file)
      known->second = lines_.find(place->file, one_.line, {one_.hash, one_.around});
    return known->second != 0 && place->line == known->second;
  }

 private:
  const anchored_switch& one_;
  source_lines& lines_;
  std::map<std::string, unsigned> line_in_;  // 0: a file of another name
};

}  // namespace

std::string path_text(const trace& trace, std::uint32_t index, unsigned depth) {
  const traced_thread& thread = trace.threads[index];
  if (thread.nth_child == 0 || depth == 64) return "0";
  const std::string own = std::to_string(thread.nth_child);
  return trace.threads[thread.parent].nth_child == 0 ? own : path_text(trace, thread.parent, depth + 1) + "-" + own;
}

std::uint32_t index_of(const trace& trace, std::uint64_t path) {
  std::uint32_t index = 0;
  while (index < trace.thread_count && trace.threads[index].path != path) ++index;
  return index;
}

void sort_for_following(std::vector<scripted_switch>& script) {
  std::ranges::stable_sort(script, [](const scripted_switch& a, const scripted_switch& b) {
    return a.thread != b.thread ? a.thread < b.thread : a.event < b.event;
  });
}

std::vector<scripted_switch> script_of(const trace& trace) {
  std::vector<scripted_switch> script;
  for (std::uint32_t i = 0; i < trace.decision_count; ++i) {
    const traced_decision& made = trace.decisions[i];
    const std::uint64_t to = made.kind == decision_kind::pick ? made.to : trace.threads[made.to].path;
    script.push_back({trace.threads[made.thread].path, made.event, to, made.kind});
  }
  sort_for_following(script);
  return script;
}

std::vector<anchored_switch> anchored(const std::vector<scripted_switch>& script, const trace& trace,
                                      const source_places& places) {
  source_lines lines;
  std::vector<anchored_switch> schedule;
  for (const scripted_switch& one : script) {
    const std::uint32_t thread = index_of(trace, one.thread);
    const std::uint32_t to = one.kind == decision_kind::pick ? 0 : index_of(trace, one.to);
    if (thread == trace.thread_count || to == trace.thread_count) continue;  // never came to pass
    anchored_switch result;
    result.kind = one.kind;
    result.thread = path_text(trace, thread);
    result.to = one.kind == decision_kind::pick ? std::to_string(one.to) : path_text(trace, to);
    result.what = operation::start;
    if (const traced_event* event = event_of(one, thread, trace, places, result.occurrence)) {
      result.what = event->what;
      if (const frame* place = place_of(*event, places)) {
        const line_mark mark = lines.mark_of(place->file, place->line);
        result.file = base_name(place->file);
        result.line = place->line;
        result.hash = mark.text;
        result.around = mark.around;
      }
    }
    schedule.push_back(std::move(result));
  }
  return schedule;
}

resolution resolved(const std::vector<anchored_switch>& schedule, const trace& trace, const source_places& places) {
  source_lines lines;
  resolution result;
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    const anchored_switch& one = schedule[i];
    const std::uint64_t path = path_of(one.thread);
    const std::uint32_t thread = index_of(trace, path);
    std::uint64_t to = 0;
    if (one.kind != decision_kind::pick)
      to = path_of(one.to);
    else
      std::from_chars(one.to.data(), one.to.data() + one.to.size(), to);
    bool is_found = one.occurrence == 0;
    std::uint64_t event = 0;
    unsigned left = one.occurrence;
    named_line line(one, lines);
    for (std::uint32_t e = 0; e < trace.event_count && !is_found && thread != trace.thread_count; ++e) {
      const traced_event& candidate = trace.events[e];
      if (candidate.thread != thread || candidate.what != one.what || !line.has(place_of(candidate, places))) continue;
      if (--left != 0) continue;
      is_found = true;
      event = candidate.event;
    }
    if (is_found)
      result.script.push_back({path, event, to, one.kind});
    else
      result.missing.push_back(i);
  }
  sort_for_following(result.script);
  return result;
}

std::vector<optional_call> calls_in(const std::vector<left_out_range>& ranges) {
  std::vector<optional_call> calls;
  for (const left_out_range& one : ranges)
    for (std::uint32_t nth = one.from; nth <= one.to; ++nth) calls.push_back({path_of(one.thread), nth});
  return calls;
}

std::vector<anchored_switch> close_places(const anchored_switch& one, const trace& trace, const source_places& places) {
  constexpr std::size_t most = 12;
  source_lines lines;
  std::vector<std::pair<unsigned, anchored_switch>> all;  // distance, place
  const std::uint32_t thread = index_of(trace, path_of(one.thread));
  unsigned looked_for = 0;
  for (std::uint32_t i = 0; i < trace.event_count && all.size() < 16 * most; ++i) {
    const traced_event& event = trace.events[i];
    const frame* place = event.thread == thread ? place_of(event, places) : nullptr;
    if (place == nullptr || base_name(place->file) != one.file) continue;
    if (looked_for == 0) looked_for = lines.find(place->file, one.line, {one.hash, one.around});
    anchored_switch there = one;
    there.what = event.what;
    there.line = place->line;
    const line_mark mark = lines.mark_of(place->file, place->line);
    there.hash = mark.text;
    there.around = mark.around;
    there.occurrence = 1;
    for (const auto& [distance, earlier] : all)
      if (earlier.what == there.what && earlier.line == there.line) ++there.occurrence;
    const unsigned distance = there.line < looked_for ? looked_for - there.line : there.line - looked_for;
    all.emplace_back(2 * distance + (event.what == one.what ? 0 : 1), std::move(there));
  }
  std::ranges::stable_sort(all, {}, [](const auto& candidate) { return candidate.first; });
  std::vector<anchored_switch> nearest;
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i) nearest.push_back(std::move(all[i].second));
  return nearest;
}

}  // namespace ravel::detail
