// SPDX-License-Identifier: MIT
// See anchors.hpp.
#include "anchors.hpp"

#include <ravel/finding.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <string_view>

namespace ravel::detail {

namespace {

std::string path_text(const trace& trace, std::uint32_t index, unsigned depth = 0) {
  const traced_thread& thread = trace.threads[index];
  if (thread.nth_child == 0 || depth == 64) return "0";
  const std::string own = std::to_string(thread.nth_child);
  return trace.threads[thread.parent].nth_child == 0 ? own : path_text(trace, thread.parent, depth + 1) + "-" + own;
}

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

// Index of the thread with this path, or thread_count.
std::uint32_t index_of(const trace& trace, std::uint64_t path) {
  std::uint32_t index = 0;
  while (index < trace.thread_count && trace.threads[index].path != path) ++index;
  return index;
}

bool is_alike(const frame* a, const frame* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->line == b->line && a->file == b->file;
}

// The event that a switch belongs to, and how many of its kind its thread had had until then, this one included.
const traced_event* event_of(const scripted_switch& one, std::uint32_t thread, const trace& trace,
                             const source_places& places, unsigned& occurrence) {
  const traced_event* wanted = nullptr;
  for (std::uint32_t i = 0; i < trace.event_count && wanted == nullptr; ++i)
    if (trace.events[i].thread == thread && trace.events[i].event == one.event) wanted = &trace.events[i];
  if (wanted == nullptr) return nullptr;
  const frame* place = places.of(*wanted);
  occurrence = 0;
  for (const traced_event* event = trace.events; event <= wanted; ++event)
    if (event->thread == thread && event->what == wanted->what && is_alike(places.of(*event), place)) ++occurrence;
  return wanted;
}

bool is_at(const frame* place, const anchored_switch& one, source_lines& lines) {
  if (one.file.empty()) return place == nullptr;
  return place != nullptr && base_name(place->file) == one.file &&
         place->line == lines.find(place->file, one.line, one.hash);
}

}  // namespace

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

namespace {

// Objects that several threads use.
class shared_objects {
 public:
  explicit shared_objects(const trace& trace) {
    for (std::uint32_t i = 0; i < trace.event_count; ++i) {
      const traced_event& event = trace.events[i];
      if (event.object == nullptr) continue;
      use& use = uses_.try_emplace(event.object).first->second;
      if (use.threads == 0) use.first = event.thread;
      if (use.threads == 0 || use.first != event.thread) use.threads = use.threads == 0 ? 1 : 2;
      use.is_changed = use.is_changed || (!is_read_only(event.what) && event.thread != 0);
    }
  }
  [[nodiscard]] bool has(const void* object) const {
    const auto known = uses_.find(object);
    return known != uses_.end() && known->second.threads == 2 && known->second.is_changed;
  }

 private:
  struct use {
    std::uint32_t first = 0, threads = 0;
    bool is_changed = false;  // by another than the body's thread, which makes things before the others run
  };
  std::map<const void*, use> uses_;
};

}  // namespace

std::vector<scripted_switch> single_switches(const trace& trace) {
  const shared_objects shared(trace);
  std::vector<scripted_switch> all;
  for (std::uint32_t i = 0; i < trace.event_count; ++i) {
    const traced_event& event = trace.events[i];
    if (event.thread == 0 || !shared.has(event.object)) continue;
    for (std::uint32_t to = 1; to < trace.thread_count; ++to)
      if (to != event.thread && trace.threads[to].path != 0)
        all.push_back({trace.threads[event.thread].path, event.event, trace.threads[to].path, decision_kind::at_point});
  }
  return all;
}

std::vector<scripted_switch> moved_to_shared(std::vector<scripted_switch> script, const trace& trace) {
  const shared_objects shared(trace);
  for (scripted_switch& one : script) {
    if (one.kind != decision_kind::at_point) continue;
    const std::uint32_t thread = index_of(trace, one.thread);
    for (std::uint32_t i = 0; i < trace.event_count; ++i) {
      const traced_event& event = trace.events[i];
      if (event.thread != thread || event.event < one.event || !shared.has(event.object)) continue;
      one.event = event.event;
      break;
    }
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
      if (const frame* place = places.of(*event)) {
        result.file = base_name(place->file);
        result.line = place->line;
        result.hash = lines.hash_of(place->file, place->line);
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
    for (std::uint32_t e = 0; e < trace.event_count && !is_found && thread != trace.thread_count; ++e) {
      const traced_event& candidate = trace.events[e];
      if (candidate.thread != thread || candidate.what != one.what || !is_at(places.of(candidate), one, lines))
        continue;
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

}  // namespace ravel::detail
