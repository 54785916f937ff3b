// SPDX-License-Identifier: MIT
// The finding about a claim that did not hold: whose call, for how long, at what it goes round or waits, and what the
// others did meanwhile. On the thread in control: no allocation, no lock.
#include "progress_area.hpp"

#include <ravel/finding.hpp>

namespace ravel::checks::detail {

namespace {

const char* name_of(const thread_record* thread) noexcept {
  return thread == nullptr ? "a thread" : thread->name.c_str();
}

raw_actor& add_party(raw_finding& finding, const progress_party& party) noexcept {
  raw_actor& actor = finding.add_actor();
  actor.thread.add(name_of(party.thread));
  actor.stack = party.stack;
  return actor;
}

template <class Text>
Text& add_count(Text& text, std::uint64_t count, const char* one, const char* many) noexcept {
  return text.add_number(count).add(' ').add(count == 1 ? one : many);
}

void add_judged(raw_finding& finding, const progress_try& broken) noexcept {
  const progress_party& party = broken.parties[0];
  raw_actor& actor = add_party(finding, party);
  actor.action.add("is still in ").add(broken.claim.operation).add("()");
  if (party.waits_in == nullptr) {
    add_count(actor.object.add("after "), party.points - 1, "point", "points").add(" of its own, at");
    return;
  }
  actor.object.add("and waits in ").add(party.waits_in);
  if (party.waits_for != nullptr) actor.object.add(" for what ").add(name_of(party.waits_for)).add(" holds");
  actor.object.add(", at");
}

// A loop: most of its steps are few.
void add_loop(raw_finding& finding, const progress_try& broken) noexcept {
  const progress_loop& loop = broken.loop;
  if (loop.pc == 0 || loop.of < 8 || loop.times * 5 < loop.of || broken.result != progress_result::too_long) return;
  raw_actor& actor = finding.add_actor();
  actor.thread.add(name_of(broken.parties[0].thread));
  actor.action.add("made ").add_number(loop.times).add(" of its last ").add_number(loop.of).add(" points here:");
  actor.object.add(loop.what);
  if (loop.has_value) actor.object.add(", and the value is ").add_number(loop.value);
  actor.stack.depth = 1;
  actor.stack.pc[0] = loop.pc;
}

void add_other(raw_finding& finding, const progress_party& party) noexcept {
  raw_actor& actor = add_party(finding, party);
  if (!party.is_running) {
    actor.action.add("was stopped in ").add(party.operation == nullptr ? "" : party.operation).add("()");
    return;
  }
  actor.action.add("ran on: ");
  add_count(add_count(actor.action, party.turns, "turn", "turns").add(", "), party.completed, "operation ended",
            "operations ended");
  if (party.waits_in != nullptr)
    actor.object.add("and waits in ").add(party.waits_in);
  else if (party.operation != nullptr)
    actor.object.add("and is in ").add(party.operation).add("()");
}

void add_headline(raw_finding& finding, const progress_try& broken) noexcept {
  const progress_claim& claim = broken.claim;
  auto& what = finding.what;
  what.add("of \"").add(claim.operation).add("\", which is claimed to be ").add(word_for(claim.kind)).add(": ");
  if (broken.result == progress_result::waits) {
    what.add(claim.kind == progress_kind::wait_free          ? "it waits for others"
             : claim.kind == progress_kind::obstruction_free ? "it waits for one that was stopped"
                                                             : "all that run wait for one that was stopped");
    return;
  }
  switch (claim.kind) {
    case progress_kind::obstruction_free:
      add_count(what.add("alone it did not end within "), claim.within, "point", "points");
      break;
    case progress_kind::wait_free:
      add_count(what.add("it did not end within "), claim.within, "point", "points").add(" of its own");
      break;
    case progress_kind::lock_free:
    case progress_kind::livelock_free:
      what.add("nobody's operation ended within ");
      add_count(what, claim.within, "point", "points").add(" of each that ran");
      break;
    case progress_kind::starvation_free:
      what.add("it did not end before others had ended ");
      add_count(what, claim.overtakes, "operation", "operations");
      break;
  }
}

void add_how(raw_finding& finding, const progress_try& broken) noexcept {
  fixed_text<320>& note = finding.add_note();
  note.add("from a drawn point of this call on ");
  switch (broken.claim.kind) {
    case progress_kind::obstruction_free: note.add("all other threads were stopped"); break;
    case progress_kind::wait_free:
      note.add("its thread had one point in each round of turns, while others ended ");
      add_count(note, broken.completed, "operation", "operations");
      break;
    case progress_kind::lock_free:
      if (broken.running == 1)
        note.add("all other threads were stopped");
      else
        add_count(note.add("only "), broken.running, "thread", "threads").add(" ran, by equal turns");
      break;
    case progress_kind::livelock_free: note.add("all threads had equal turns"); break;
    case progress_kind::starvation_free:
      note.add("all threads had fair turns: its own had ");
      add_count(note, broken.parties[0].turns, "of them", "of them");
      break;
  }
}

}  // namespace

const char* word_for(progress_kind kind) noexcept {
  switch (kind) {
    case progress_kind::obstruction_free: return "obstruction-free";
    case progress_kind::lock_free: return "lock-free";
    case progress_kind::wait_free: return "wait-free";
    case progress_kind::livelock_free: return "livelock-free";
    case progress_kind::starvation_free: return "starvation-free";
  }
  return "";
}

void report_broken(const progress_try& broken, const claim_record& record) noexcept {
  const bool does_starve = broken.claim.kind == progress_kind::starvation_free;
  const std::uint64_t signature = mix(record.key, broken.result == progress_result::waits ? 1 : 0);
  raw_finding* finding = open_finding(does_starve ? finding_kind::starvation : finding_kind::no_progress, signature);
  if (finding == nullptr) return;
  finding->check.add("progress");
  add_headline(*finding, broken);
  add_judged(*finding, broken);
  add_loop(*finding, broken);
  for (std::uint32_t i = 1; i < broken.party_count; ++i) add_other(*finding, broken.parties[i]);
  add_how(*finding, broken);
  publish(finding);
}

}  // namespace ravel::checks::detail
