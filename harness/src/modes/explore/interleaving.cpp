// SPDX-License-Identifier: MIT
// See interleaving.hpp.
#include "interleaving.hpp"

#include "symbols/object_name.hpp"

#include <ravel/symbols.hpp>

#include <algorithm>
#include <cstdio>
#include <map>

namespace ravel::detail {

namespace {

constexpr std::size_t most_steps = 60;
constexpr std::size_t around_switch = 3;  // steps shown on either side of a switch

struct use {
  std::uint32_t first_thread;
  bool is_shared, is_changed;
};
using uses = std::map<const void*, use>;

uses uses_of(const trace& trace) {
  uses known;
  for (std::uint32_t i = 0; i < trace.event_count; ++i) {
    const traced_event& event = trace.events[i];
    if (event.object == nullptr) continue;
    const auto [place, is_new] = known.try_emplace(event.object, use{event.thread, false, false});
    place->second.is_shared = place->second.is_shared || place->second.first_thread != event.thread;
    place->second.is_changed = place->second.is_changed || !is_read_only(event.what);
  }
  return known;
}

bool is_of_interest(const traced_event& event, const uses& known) {
  if (event.what == operation::start || event.what == operation::exit || event.what == operation::join ||
      event.what == operation::create || event.object == nullptr)
    return false;
  const use& use = known.at(event.object);
  return use.is_shared && use.is_changed;
}

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

std::string name_of(const trace& trace, std::uint32_t thread) {
  const std::string name = trace.threads[thread].name.c_str();
  return name.empty() ? "thread " + std::to_string(thread) : name;
}

// Which of the steps near a switch to keep: all when they are few, else the first and the last.
std::vector<bool> kept_of(const std::vector<std::uint32_t>& threads) {
  std::vector<bool> kept(threads.size(), false);
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const bool is_switch = i != 0 && threads[i] != threads[i - 1];
    if (!is_switch && i + 1 != threads.size() && i != 0) continue;
    const std::size_t from = i < around_switch ? 0 : i - around_switch;
    for (std::size_t near = from; near < std::min(i + around_switch, threads.size()); ++near) kept[near] = true;
  }
  std::size_t count = static_cast<std::size_t>(std::ranges::count(kept, true));
  for (std::size_t i = most_steps / 3; i < kept.size() && count > most_steps; ++i)
    if (kept[i]) {
      kept[i] = false;
      --count;
    }
  return kept;
}

}  // namespace

std::vector<step> interleaving_of(const trace& trace, const source_places& places) {
  const uses known = uses_of(trace);
  std::vector<const traced_event*> shown;
  for (std::uint32_t i = 0; i < trace.event_count; ++i)
    if (is_of_interest(trace.events[i], known) &&
        (places.of(trace.events[i]) != nullptr || !is_access(trace.events[i].what)))
      shown.push_back(&trace.events[i]);
  std::stable_sort(shown.begin(), shown.end(),
                   [](const traced_event* a, const traced_event* b) { return a->done < b->done; });
  std::vector<std::uint32_t> threads;
  for (const traced_event* event : shown) threads.push_back(event->thread);
  const std::vector<bool> kept = kept_of(threads);
  namer name;
  std::vector<step> steps;
  std::uint64_t skipped = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!kept[i]) {
      ++skipped;
      continue;
    }
    const traced_event& event = *shown[i];
    step step;
    step.thread = name_of(trace, event.thread);
    step.operation = word_for(event.what);
    step.object = name(event.object);
    step.value = value_text(event);
    if (const frame* place = places.of(event)) step.place = *place;  // none where a call was its function's last
    step.is_switch = i != 0 && threads[i] != threads[i - 1];
    step.skipped = skipped;
    skipped = 0;
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace ravel::detail
