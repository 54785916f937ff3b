// SPDX-License-Identifier: MIT
// Words for cycles of lock orders: who holds what and then wants what, and what would have to hold.
// In the parent, one thread.
#include "lock_order_check.hpp"

#include "locks/misuse.hpp"

#include <algorithm>

namespace ravel::checks {

namespace {

std::string in_a_list(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

// A long list by its ends: the parts of the finding tell the rest.
std::string in_short(const std::vector<std::string>& names, const char* what) {
  constexpr std::size_t readable = 4;
  if (names.size() <= readable) return in_a_list(names);
  return std::to_string(names.size()) + " " + what + " (" + names.front() + ", " + names[1] + ", ..., " + names.back() +
         ")";
}

std::vector<std::string> threads_of(const found_cycle& cycle) {
  std::vector<std::string> threads;
  for (const found_cycle::part& part : cycle.parts)
    if (std::ranges::find(threads, part.thread) == threads.end()) threads.push_back(part.thread);
  return threads;
}

// Two locks of one class have one name: a number tells them apart.
std::vector<std::string> names_of_held(const found_cycle& cycle, stack_frames& frames) {
  std::vector<std::string> names;
  for (const found_cycle::part& part : cycle.parts)
    names.push_back(lock_name(part.held, part.held_first_locked, frames));
  std::vector<std::string> told = names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::ranges::count(names, names[i]) < 2) continue;
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    const std::string number = std::to_string(std::count(names.begin(), end, names[i]));
    const std::size_t place = names[i].find(" locked at ");
    if (names[i].starts_with("the ") && place != std::string::npos)
      told[i] = names[i].substr(4, place - 4) + " " + number + names[i].substr(place);
    else
      told[i] += " (number " + number + ")";
  }
  return told;
}

const char* manner(const lock_instance& lock, lock_mode mode) {
  if (lock.kind != lock_kind::rwlock && mode == lock_mode::exclusive) return "";
  return mode == lock_mode::shared ? "shared" : "exclusively";
}

std::string acting(const char* verb, const char* manner) {
  return *manner == '\0' ? verb : std::string(verb) + " (" + manner + ")";
}

std::string reason_text(const found_cycle& cycle, const std::vector<std::string>& threads, stack_frames& frames) {
  switch (cycle.kept_apart_by) {
    case obstacle::guard:
      return "cannot deadlock today, because both hold " + lock_name(cycle.guard, cycle.guard_first_locked, frames) +
             " at the time; a path that takes these locks without it makes a deadlock possible";
    case obstacle::single_thread:
      return "cannot deadlock today, because " + (threads.size() == 1 ? threads.front() : "one thread") +
             " alone takes them in these orders; a second thread on one of the paths makes a deadlock possible";
    case obstacle::ordered:
      return "cannot deadlock today, because one of the threads always ends before the other begins (creation and "
             "join, or the phases of trial.run()); once they overlap, a deadlock is possible";
    case obstacle::time_limit:
      return "cannot wait for ever, because a lock call in the circle has a time limit: one of the threads gives up";
    case obstacle::none: break;
  }
  return {};
}

// Two for each lock, as far as there is room.
void add_actors(raw_finding& finding, const found_cycle& cycle, const std::vector<std::string>& names) {
  constexpr std::size_t most = raw_finding::max_actors / 2;
  if (cycle.parts.size() > most)
    finding.add_note().add_number(cycle.parts.size() - most).add(" more threads and locks of the circle are not shown");
  for (std::size_t i = 0; i < std::min(cycle.parts.size(), most); ++i) {
    const found_cycle::part& part = cycle.parts[i];
    raw_actor& holds = finding.add_actor();
    holds.thread.add(part.thread.c_str());
    holds.action.add(acting("holds", manner(part.held, part.held_mode)).c_str());
    holds.object.add(names[i].c_str());
    holds.stack = part.held_stack;
    raw_actor& wants = finding.add_actor();
    wants.thread.add(part.thread.c_str());
    wants.action.add(acting("then wants", manner(part.wanted, part.wanted_mode)).c_str());
    wants.object.add(names[(i + 1) % names.size()].c_str());
    wants.stack = part.wanted_stack;
  }
}

}  // namespace

std::string likeness(const found_cycle& cycle, stack_frames& frames) {
  std::vector<std::string> parts;
  for (const found_cycle::part& part : cycle.parts)
    parts.push_back(lock_name(part.held, part.held_first_locked, frames) + "|" +
                    place_text(frames.of(part.held_stack)) + "|" + place_text(frames.of(part.wanted_stack)));
  std::ranges::sort(parts);
  std::string text;
  for (const std::string& part : parts) text += part + "\n";
  return text;
}

const raw_finding* report_cycle(const found_cycle& cycle, bool order_only_fails, stack_frames& frames) {
  const bool is_feasible = cycle.kept_apart_by == obstacle::none;
  std::uint64_t signature = is_feasible ? 1 : 2;
  for (const std::uint64_t edge : cycle.edges) signature = mix(signature, edge);
  raw_finding* finding = open_finding(finding_kind::lock_order, signature, cycle.trial);
  if (finding == nullptr) return nullptr;
  const std::vector<std::string> names = names_of_held(cycle, frames), threads = threads_of(cycle);
  finding->check.add("lock_order");
  finding->is_informative = !is_feasible && !order_only_fails;
  finding->what.add("on ").add(in_short(names, "locks").c_str());
  if (is_feasible) {
    finding->what.add(names.size() == 2 ? ": taken in opposite orders, so " : ": taken in a circle, so ")
        .add(in_short(threads, "threads").c_str())
        .add(" can wait for each other for ever");
  } else {
    finding->what.add(names.size() == 2 ? ": taken in opposite orders" : ": taken in a circle")
        .add(", which cannot deadlock today");
  }
  add_actors(*finding, cycle, names);
  if (is_feasible) {
    finding->add_note().add(
        "it need not have happened in this run: it does when each of these threads has got its first lock "
        "before any gets its second");
    finding->add_note().add("take these locks in the same order everywhere, or together by std::scoped_lock");
  } else {
    finding->add_note().add(reason_text(cycle, threads, frames).c_str());
    if (order_only_fails)
      finding->add_note().add("it fails the test because the body asks for it (lock_order_options::order_only_fails)");
  }
  publish(finding);
  return finding;
}

}  // namespace ravel::checks
