// SPDX-License-Identifier: MIT
// See interleaving.hpp.
#include "interleaving.hpp"

#include "shown_events.hpp"

#include <algorithm>
#include <vector>

namespace ravel::detail {

namespace {

constexpr std::size_t most_named = 20'000;  // events of a whole trace

std::string place_text(const frame* place) {
  return place == nullptr ? "-" : base_name(place->file) + ":" + std::to_string(place->line);
}

std::vector<const traced_event*> by_time(const trace& trace) {
  std::vector<const traced_event*> events;
  for (std::uint32_t i = 0; i < trace.event_count; ++i) events.push_back(&trace.events[i]);
  std::ranges::stable_sort(events, {}, &traced_event::done);
  return events;
}

// Frees are no events, but a reader looks for them.
class frees {
 public:
  frees(finding& into, const trace& trace, const source_places& places, const object_names& names)
      : finding_(into), trace_(trace), places_(places), left_(names.freed_blocks()) {}

  // Those that came before this event.
  void add_before(const traced_event& event) {
    for (; next_ < left_.size() && 2 * std::uint64_t{left_[next_].block->freed_after} < event.done; ++next_)
      add(left_[next_]);
  }

 private:
  void add(const object_names::freed_block& one) {
    step step;
    step.thread = name_of_thread(trace_, one.block->freed_by);
    step.operation = "free";
    step.object = one.label;
    step.is_switch = !finding_.interleaving.empty() && finding_.interleaving.back().thread != step.thread;
    for (std::uint32_t i = 0; i < one.block->freers && step.place.line == 0; ++i)
      if (const frame* place = places_.user_frame_at(one.block->freer[i])) {
        step.place = *place;
        step.calls = places_.calls_of_stack(one.block->freer, one.block->freers);
      }
    for (const actor& actor : finding_.actors)
      step.is_marked =
          step.is_marked || (is_freeing(actor) && actor.thread == step.thread && actor.place.line == step.place.line &&
                             actor.place.file == step.place.file && step.place.line != 0);
    finding_.interleaving.push_back(std::move(step));
  }

  finding& finding_;
  const trace& trace_;
  const source_places& places_;
  std::vector<object_names::freed_block> left_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<const traced_event*> tell_interleaving(finding& finding, const trace& trace, const source_places& places,
                                                   object_names& names) {
  finding.interleaving.clear();
  std::vector<shown_event> shown = shown_events(finding, trace, places, finding.left_out);
  std::vector<const traced_event*> events, marked;
  for (const shown_event& one : shown) events.push_back(one.event);
  names.learn(events);
  frees free_steps(finding, trace, places, names);
  for (shown_event& one : shown) {
    const traced_event& event = *one.event;
    free_steps.add_before(event);
    step step;
    step.thread = name_of_thread(trace, event.thread);
    step.operation = word_for(event.what);
    step.object = names.name_of(event);
    step.value = names.value_of(event);
    if (const frame* place = places.of(event)) step.place = *place;  // none where a call was its function's last
    step.calls = std::move(one.calls);
    step.is_switch = !finding.interleaving.empty() && finding.interleaving.back().thread != step.thread;
    step.is_chosen = one.is_chosen && step.is_switch;
    step.is_marked = one.is_marked;
    step.times = one.times;
    step.skipped = one.skipped;
    step.skipped_what = std::move(one.skipped_what);
    step.round = one.round;
    step.came_again = one.came_again;
    step.is_same_again = one.is_same_again;
    finding.interleaving.push_back(std::move(step));
    if (one.is_marked) marked.push_back(&event);
  }
  finding.heap_objects = names.heap_objects();
  return marked;
}

std::string whole_trace_text(const trace& trace, const source_places& places, object_names& names) {
  std::string text;
  if (trace.lost != 0) text += "the latest " + std::to_string(trace.lost) + " steps are missing: they did not fit\n";
  const std::vector<const traced_event*> all = by_time(trace);
  if (all.size() <= most_named) names.learn(all);
  std::uint64_t number = 0;
  for (const traced_event* event : all) {
    std::string what = word_for(event->what);
    if (event->object != nullptr) what += " " + names.name_of(*event);
    if (const std::string value = names.value_of(*event); !value.empty()) what += " = " + value;
    text += std::to_string(++number) + "\t" + name_of_thread(trace, event->thread) + "\t" +
            place_text(places.of(*event)) + "\t" + what + "\t" + places.calls_of(*event) + "\n";
  }
  for (const std::string& one : names.heap_objects()) text += one + "\n";
  return text;
}

}  // namespace ravel::detail
