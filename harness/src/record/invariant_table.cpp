// SPDX-License-Identifier: MIT
// See invariant_table.hpp.
#include "invariant_table.hpp"

#include "escaped_exception.hpp"

#include <ravel/finding.hpp>

namespace ravel::detail {

namespace {

std::uint64_t key_of(const char* what, site place) noexcept {
  return mix_text(mix(mix_text(23, place.file), place.line), what);
}

// Who did what before it was seen broken, and what that thread is about to do.
void add_point(raw_finding& finding, const broken_invariant& broken) noexcept {
  raw_stack done{};
  if (broken.done_pc != 0) done.pc[done.depth++] = broken.done_pc;
  add_actor_here(finding, broken.held_before ? "broke it by this:" : "came here from:", &done);
  finding.actor[0].object.add(broken.done);
  raw_stack next{};
  capture_stack(next, 2);
  add_actor_here(finding, "comes next to:", &next);
  finding.actor[1].object.add(broken.next);
  if (broken.held_before) return;
  fixed_text<320>& note = finding.add_note();
  if (broken.unjudged == 0)
    note.add("it had not held at any point before in this trial");
  else
    note.add("it was not judged at the ")
        .add_number(broken.unjudged)
        .add(" points before: it may have been broken at an earlier one");
}

}  // namespace

invariant_record* invariant_table::record_of(const char* what, site place) noexcept {
  const std::uint64_t key = key_of(what, place);
  const std::uint32_t count = used.load(std::memory_order_relaxed);  // relaxed: one thread at a time adds
  for (std::uint32_t i = 0; i < count; ++i)
    if (records[i].key == key) return &records[i];
  if (count == capacity) return nullptr;
  invariant_record& added = records[count];
  added.key = key;
  added.what.clear();
  added.what.add(what);
  added.file.clear();
  added.file.add(place.file == nullptr ? "" : place.file);
  added.line = place.line;
  used.store(count + 1, std::memory_order_release);  // after the rest: this process may die at once
  return &added;
}

void record_broken_invariant(const broken_invariant& broken) noexcept {
  const std::uint64_t signature = mix(key_of(broken.what, broken.place), broken.thrown == nullptr ? 0 : 1);
  raw_finding* finding = open_finding(finding_kind::invariant, signature);
  if (finding == nullptr) return;
  finding->check.add("invariant");
  finding->what.add('"').add(broken.what).add('"');
  if (broken.thrown == nullptr)
    finding->what.add(" does not hold");
  else
    finding->what.add(" throws ").add(broken.thrown);
  if (broken.is_at_point) {
    add_point(*finding, broken);
  } else {
    raw_stack here{};
    capture_stack(here, 2);
    add_actor_here(*finding, "judged it here, where no thread runs", &here);
  }
  raw_actor& stated = finding->add_actor();
  stated.action.add("it is stated here");
  stated.place = broken.place;
  publish(finding);
}

}  // namespace ravel::detail
