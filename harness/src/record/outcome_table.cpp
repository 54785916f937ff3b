// SPDX-License-Identifier: MIT
// See outcome_table.hpp. What a process writes last is what makes it count: it may die in between.
#include "outcome_table.hpp"

#include <ravel/finding.hpp>
#include <ravel/thread_record.hpp>

namespace ravel::detail {

namespace {

std::uint64_t hash_of_place(site place) noexcept { return mix(mix_text(19, place.file), place.line); }

bool is_equal_outcome(const outcome_text& one, const outcome_text& other) noexcept {
  if (one.size() != other.size()) return false;
  for (std::size_t i = 0; i < one.size(); ++i)
    if (one.c_str()[i] != other.c_str()[i]) return false;
  return true;
}

}  // namespace

outcome_histogram_record::value* outcome_histogram_record::find(const outcome_text& text) noexcept {
  const std::uint64_t wanted = mix_text(1, text.c_str());
  const std::uint32_t count = used.load(std::memory_order_relaxed);  // relaxed: one thread writes, at a time
  for (std::uint32_t i = 0; i < count; ++i)
    if (hash[i] == wanted && is_equal_outcome(values[i].text, text)) return &values[i];
  return nullptr;
}

outcome_histogram_record::value* outcome_histogram_record::add(const outcome_text& text, outcome_kind kind) noexcept {
  const std::uint32_t at = used.load(std::memory_order_relaxed);  // relaxed: as above
  if (at == capacity) return nullptr;
  hash[at] = mix_text(1, text.c_str());
  value& added = values[at];
  added.count.store(0, std::memory_order_relaxed);  // relaxed: as above; an earlier process may have died here
  added.kind = kind;
  added.text.clear();
  added.text.add(text.c_str(), text.size());
  used.store(at + 1, std::memory_order_release);  // after the rest: this process may die at once
  return &added;
}

outcome_histogram_record* outcome_table::find(site place) noexcept {
  const std::uint64_t wanted = hash_of_place(place);
  const std::uint32_t count = used.load(std::memory_order_relaxed);  // relaxed: as above
  for (std::uint32_t i = 0; i < count; ++i)
    if (histograms[i].place_hash == wanted) return &histograms[i];
  return nullptr;
}

outcome_histogram_record* outcome_table::begin(site place) noexcept {
  const std::uint32_t at = used.load(std::memory_order_relaxed);  // relaxed: as above
  if (at == capacity) return nullptr;
  outcome_histogram_record& begun = histograms[at];
  begun.place_hash = hash_of_place(place);
  begun.file.clear();
  begun.file.add(place.file == nullptr ? "" : place.file);
  begun.line = place.line;
  begun.used.store(0);
  begun.others.store(0);
  return &begun;
}

void record_bad_outcome(const outcome_text& text, outcome_kind kind, site place) noexcept {
  const std::uint64_t signature = mix_text(hash_of_place(place), text.c_str());
  raw_finding* finding = open_finding(finding_kind::outcome, signature);
  if (finding == nullptr) return;
  finding->check.add("outcome");
  finding->what.add(text.c_str()).add(kind == outcome_kind::forbidden ? " is forbidden" : " is in none of the lists");
  raw_actor& actor = finding->add_actor();
  const thread_record* record = this_thread();
  actor.thread.add(record == nullptr ? "a thread" : record->name.c_str());
  actor.action.add("told it");
  actor.place = place;
  capture_stack(actor.stack, 1);
  publish(finding);
}

}  // namespace ravel::detail
