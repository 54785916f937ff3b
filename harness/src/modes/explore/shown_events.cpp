// SPDX-License-Identifier: MIT
// See shown_events.hpp.
#include "shown_events.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace ravel::detail {

namespace {

constexpr std::size_t most_lines = 40;
constexpr std::size_t longest_round = 64, fewest_rounds = 4;  // beside the first one

std::string counted_steps(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : noun.ends_with("access") ? "es" : "s");
}

struct use_of_object {
  std::uint32_t first_thread;
  bool is_shared, is_changed;
};

class interest {
 public:
  interest(const trace& trace, const source_places& places) : places_(places) {
    for (std::uint32_t i = 0; i < trace.event_count; ++i) {
      const traced_event& event = trace.events[i];
      if (event.object == nullptr) continue;
      use_of_object& use = uses_.try_emplace(event.object, use_of_object{event.thread, false, false}).first->second;
      use.is_shared = use.is_shared || use.first_thread != event.thread;
      use.is_changed = use.is_changed || !is_read_only(event.what);
    }
  }

  bool operator()(const traced_event& event) {
    if (event.what == operation::start || event.what == operation::exit || event.what == operation::join ||
        event.what == operation::create || event.object == nullptr)
      return false;
    const use_of_object& use = uses_.at(event.object);
    const bool is_own = !use.is_shared, is_constant = use.is_shared && !use.is_changed;
    own_ += is_own && is_access(event.what) ? 1 : 0;
    constant_ += is_constant && is_access(event.what) ? 1 : 0;
    return !is_own && !is_constant && (places_.of(event) != nullptr || !is_access(event.what));
  }

  [[nodiscard]] std::string left_out() const {
    std::string text;
    if (own_ != 0) text = counted_steps(own_, "access") + " of memory that no other thread touches";
    if (constant_ != 0)
      text += (text.empty() ? "" : ", ") + counted_steps(constant_, "read") + " of what nobody changes";
    return text;
  }

 private:
  std::map<const void*, use_of_object> uses_;
  const source_places& places_;
  std::uint64_t own_ = 0, constant_ = 0;
};

// What each thread that a decision of the schedule let go on did next.
std::set<const traced_event*> chosen_by_schedule(const trace& trace, const std::vector<shown_event>& shown) {
  std::set<const traced_event*> chosen;
  for (std::uint32_t i = 0; i < trace.decision_count; ++i) {
    const traced_decision& made = trace.decisions[i];
    if (made.kind == decision_kind::pick) continue;
    std::uint32_t at = 0;
    while (at < trace.event_count && (trace.events[at].thread != made.thread || trace.events[at].event != made.event))
      ++at;
    if (at == trace.event_count) continue;
    const auto next = std::ranges::find_if(
        shown, [&](const shown_event& one) { return one.event->thread == made.to && one.event->done > 2 * (at + 1); });
    if (next != shown.end()) chosen.insert(next->event);
  }
  return chosen;
}

bool is_look(const traced_event& event) {
  return event.what == operation::read || event.what == operation::atomic_load;
}

bool is_same_step(const shown_event& a, const shown_event& b) {
  return a.event->thread == b.event->thread && a.event->what == b.event->what && a.event->object == b.event->object &&
         a.event->pc == b.event->pc;
}

bool has_to_stay(const shown_event& one) { return one.is_marked || (one.is_chosen && one.is_switch); }

void mark_switches(std::vector<shown_event>& shown) {
  for (std::size_t i = 0; i < shown.size(); ++i)
    shown[i].is_switch = i != 0 && shown[i].event->thread != shown[i - 1].event->thread;
}

// A thread that reads the same again and again, and nobody else does anything of interest meanwhile.
void fold_spins(std::vector<shown_event>& shown) {
  std::vector<shown_event> kept;
  for (shown_event& one : shown) {
    const bool is_again = !kept.empty() && is_look(*one.event) && is_same_step(kept.back(), one) &&
                          !has_to_stay(kept.back()) && !has_to_stay(one);
    if (!is_again) {
      kept.push_back(std::move(one));
      continue;
    }
    kept.back().event = one.event;
    ++kept.back().times;
  }
  shown = std::move(kept);
}

bool is_same_round(const std::vector<shown_event>& shown, std::size_t first, std::size_t second, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i)
    if (!is_same_step(shown[first + i], shown[second + i]) || has_to_stay(shown[second + i])) return false;
  return true;
}

bool has_same_values(const std::vector<shown_event>& shown, std::size_t first, std::size_t length, std::size_t times) {
  for (std::size_t i = first; i < first + length * times; ++i) {
    const traced_event &a = *shown[i].event, &b = *shown[i + length].event;
    if (a.has_value != b.has_value || (a.has_value && a.value != b.value)) return false;
  }
  return true;
}

struct rounds {
  std::size_t length = 0, more = 0;  // this many times after the first one
};

rounds rounds_from(const std::vector<shown_event>& shown, std::size_t at) {
  rounds best;
  for (std::size_t length = 1; length <= longest_round && at + 2 * length <= shown.size(); ++length) {
    std::size_t more = 0;
    while (at + (more + 2) * length <= shown.size() && is_same_round(shown, at, at + (more + 1) * length, length))
      ++more;
    if (more < fewest_rounds || more * length <= best.more * best.length) continue;
    best = {length, more};
  }
  return best;
}

// Several steps that come again and again in the same order: the first time is shown.
void fold_rounds(std::vector<shown_event>& shown) {
  std::vector<shown_event> kept;
  for (std::size_t at = 0; at < shown.size();) {
    const rounds found = rounds_from(shown, at);
    const std::size_t length = std::max<std::size_t>(found.length, 1);
    const bool is_exact = found.more != 0 && has_same_values(shown, at, length, found.more);
    for (std::size_t i = 0; i < length; ++i) kept.push_back(std::move(shown[at + i]));
    if (found.more != 0) {
      kept.back().round = static_cast<std::uint32_t>(length);
      kept.back().came_again = found.more;
      kept.back().is_same_again = is_exact;
    }
    at += length + found.more * length;
  }
  shown = std::move(kept);
}

struct distances {
  std::size_t from_marked, from_switch;
};

std::vector<bool> kept_within(const std::vector<shown_event>& shown, distances most) {
  std::vector<bool> kept(shown.size(), false);
  const auto keep_around = [&](std::size_t at, std::size_t before, std::size_t after) {
    for (std::size_t i = at < before ? 0 : at - before; i <= std::min(at + after, shown.size() - 1); ++i)
      kept[i] = true;
  };
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const bool is_end = i == 0 || i + 1 == shown.size() || shown[i].round != 0;
    if (has_to_stay(shown[i]))
      keep_around(i, most.from_marked, most.from_marked);
    else if (shown[i].is_switch || is_end)
      if (most.from_switch != 0) keep_around(i, most.from_switch, most.from_switch - 1);
    if (shown[i].round != 0) keep_around(i, most.from_switch == 0 ? 0 : shown[i].round - 1, 0);
  }
  if (!kept.empty()) kept.back() = true;
  return kept;
}

std::size_t lines_of(const std::vector<shown_event>& shown, const std::vector<bool>& kept, const trace& trace) {
  std::vector<std::string> calls(trace.thread_count + 1);
  std::size_t lines = 0;
  bool is_gap = false;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!kept[i]) {
      is_gap = true;
      continue;
    }
    std::string& latest = calls[std::min(shown[i].event->thread, trace.thread_count)];
    lines += 1 + (is_gap ? 1 : 0) + (latest != shown[i].calls ? 1 : 0) + (shown[i].round != 0 ? 1 : 0);
    latest = shown[i].calls;
    is_gap = false;
  }
  return lines;
}

std::string kinds_text(const trace& trace, const std::vector<const shown_event*>& left) {
  std::array<std::uint64_t, operation_count> counts{};
  std::set<std::uint32_t> threads;
  for (const shown_event* one : left) {
    counts[static_cast<unsigned>(one->event->what)] += one->times;
    threads.insert(one->event->thread);
  }
  std::string kinds;
  for (unsigned what = 0; what < operation_count; ++what)
    if (counts[what] != 0)
      kinds += (kinds.empty() ? "" : ", ") + counted_steps(counts[what], word_for(static_cast<operation>(what)));
  std::string who;
  for (const std::uint32_t thread : threads) who += (who.empty() ? "" : ", ") + name_of_thread(trace, thread);
  return who + ": " + kinds;
}

// What is not kept goes; the next one that is says what went.
void leave_out(std::vector<shown_event>& shown, const std::vector<bool>& kept, const trace& trace) {
  std::vector<shown_event> left;
  std::vector<const shown_event*> gap;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!kept[i]) {
      gap.push_back(&shown[i]);
      continue;
    }
    shown_event one = shown[i];
    for (const shown_event* gone : gap) one.skipped += gone->times * (gone->came_again + 1);
    if (!gap.empty()) one.skipped_what = kinds_text(trace, gap);
    gap.clear();
    left.push_back(std::move(one));
  }
  shown = std::move(left);
}

}  // namespace

std::string name_of_thread(const trace& trace, std::uint32_t thread) {
  const std::string name = trace.threads[thread].name.c_str();
  return name.empty() ? "thread " + std::to_string(thread) : name;
}

std::vector<shown_event> shown_events(const finding& finding, const trace& trace, const source_places& places,
                                      std::string& left_out_text) {
  interest is_of_interest(trace, places);
  std::vector<shown_event> shown;
  for (std::uint32_t i = 0; i < trace.event_count; ++i)
    if (is_of_interest(trace.events[i]))
      shown.push_back({.event = &trace.events[i], .calls = places.calls_of(trace.events[i]), .skipped_what = {}});
  const std::vector<const traced_event*> about = events_of_finding(finding, shown, trace, places);
  for (shown_event& one : shown) one.is_marked = std::ranges::find(about, one.event) != about.end();
  left_out_text = is_of_interest.left_out();
  std::ranges::stable_sort(shown, {}, [](const shown_event& one) { return one.event->done; });
  mark_switches(shown);
  if (finding.is_minimised) {
    const std::set<const traced_event*> chosen = chosen_by_schedule(trace, shown);
    for (shown_event& one : shown) one.is_chosen = chosen.contains(one.event);
  }
  fold_spins(shown);
  fold_rounds(shown);
  constexpr distances wider_to_narrower[] = {{8, 6}, {6, 4}, {4, 3}, {3, 2}, {2, 1}, {2, 0}, {1, 0}, {0, 0}};
  std::vector<bool> kept;
  for (const distances& most : wider_to_narrower) {
    kept = kept_within(shown, most);
    if (lines_of(shown, kept, trace) <= most_lines) break;
  }
  leave_out(shown, kept, trace);
  for (std::size_t i = 1; i < shown.size(); ++i)
    if (shown[i].event->thread != shown[i - 1].event->thread) shown[i].is_switch = true;
  return shown;
}

}  // namespace ravel::detail
