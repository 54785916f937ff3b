// SPDX-License-Identifier: MIT
// See interleaving.hpp.
#include "interleaving.hpp"

#include "shown_events.hpp"

#include <ravel/symbols.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

namespace ravel::detail {

namespace {

std::string value_text(const traced_event& event) {
  if (!event.has_value) return {};
  const bool looks_like_address = event.bytes == 8 && event.value >> 32 != 0 && event.value >> 48 == 0;
  char text[32];
  if (looks_like_address) {
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(event.value));
    return text;
  }
  // Small negative numbers of any size are more likely than huge ones.
  const unsigned bits = 8 * event.bytes;
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  const auto as_signed = static_cast<std::int64_t>(bits == 64 ? event.value : (event.value ^ sign) - sign);
  return as_signed < 0 && as_signed > -1000 ? std::to_string(as_signed) : std::to_string(event.value);
}

// Variables by name; what has none by number, in order of appearance.
class namer {
 public:
  std::string operator()(const void* object) {
    const auto [place, is_new] = names_.try_emplace(object);
    if (!is_new) return place->second;
    std::string name = ravel::object_name(object);
    if (name.empty()) name = "object " + std::to_string(++unnamed_);
    return place->second = name;
  }

 private:
  std::map<const void*, std::string> names_;
  unsigned unnamed_ = 0;
};

std::string place_text(const frame* place) {
  return place == nullptr ? "-" : base_name(place->file) + ":" + std::to_string(place->line);
}

std::vector<const traced_event*> by_time(const trace& trace) {
  std::vector<const traced_event*> events;
  for (std::uint32_t i = 0; i < trace.event_count; ++i) events.push_back(&trace.events[i]);
  std::ranges::stable_sort(events, {}, &traced_event::done);
  return events;
}

}  // namespace

void tell_interleaving(finding& finding, const trace& trace, const source_places& places) {
  finding.interleaving.clear();
  namer name;
  for (shown_event& one : shown_events(finding, trace, places, finding.left_out)) {
    const traced_event& event = *one.event;
    step step;
    step.thread = name_of_thread(trace, event.thread);
    step.operation = word_for(event.what);
    step.object = name(event.object);
    step.value = value_text(event);
    if (const frame* place = places.of(event)) step.place = *place;  // none where a call was its function's last
    step.calls = std::move(one.calls);
    step.is_switch = one.is_switch;
    step.is_chosen = one.is_chosen && one.is_switch;
    step.is_marked = one.is_marked;
    step.times = one.times;
    step.skipped = one.skipped;
    step.skipped_what = std::move(one.skipped_what);
    step.round = one.round;
    step.came_again = one.came_again;
    step.is_same_again = one.is_same_again;
    finding.interleaving.push_back(std::move(step));
  }
}

std::string whole_trace_text(const trace& trace, const source_places& places) {
  std::string text;
  if (trace.lost != 0) text += "the latest " + std::to_string(trace.lost) + " steps are missing: they did not fit\n";
  namer name;
  std::uint64_t number = 0;
  for (const traced_event* event : by_time(trace)) {
    std::string what = word_for(event->what);
    if (event->object != nullptr) what += " " + name(event->object);
    if (const std::string value = value_text(*event); !value.empty()) what += " = " + value;
    text += std::to_string(++number) + "\t" + name_of_thread(trace, event->thread) + "\t" +
            place_text(places.of(*event)) + "\t" + what + "\t" + places.calls_of(*event) + "\n";
  }
  return text;
}

}  // namespace ravel::detail
