// SPDX-License-Identifier: MIT
// See confirm.hpp.
#include "confirm.hpp"

#include "base/steady_clock.hpp"
#include "process/supervised_run.hpp"

#include <ravel/token.hpp>

#include <algorithm>
#include <cstddef>

namespace ravel::detail {

namespace {

lock_place place_of(const raw_stack& stack) {
  lock_place place{std::min(stack.depth, lock_place::most_frames), {}};
  for (std::uint32_t i = 0; i < place.depth; ++i) place.pc[i] = stack.pc[i];
  return place;
}

lock_chain chain_of(const possible_deadlock& possible) {
  lock_chain chain{static_cast<std::uint32_t>(possible.links.size()), {}};
  for (std::uint32_t i = 0; i < chain.length; ++i)
    chain.links[i] = {0, place_of(possible.links[i].held), place_of(possible.links[i].wanted)};
  return chain;
}

// Everybody waits at the lock that closes the circle; the strategy has seen to it that they hold theirs.
bool is_that(const possible_deadlock& possible, const sighting& seen) {
  const std::uintptr_t* end = seen.pcs + seen.pc_count;
  return seen.kind == finding_kind::deadlock &&
         std::ranges::all_of(possible.links, [&](const possible_deadlock::link& link) {
           return link.wanted.depth != 0 && std::find(seen.pcs, end, link.wanted.pc[0]) != end;
         });
}

}  // namespace

confirmer::confirmer(supervised_run& run, exploration& explore, prober& probe)
    : run_(run),
      probe_(probe),
      directed_(*explore.arena.make<directed_strategy>()),
      schedule_(static_cast<kept_schedule*>(explore.arena.allocate(sizeof(kept_schedule)))) {
  run.inner().tell([&](observer& one) {
    for (possible_deadlock& possible : one.possible_deadlocks())
      if (possible.links.size() >= 2 && possible.links.size() <= lock_chain::longest)
        possible_.push_back(std::move(possible));
  });
}

const possible_deadlock* confirmer::possible(const finding& told) const {
  for (const possible_deadlock& one : possible_) {
    const auto* slot = reinterpret_cast<const finding_slot*>(reinterpret_cast<const char*>(one.finding) -
                                                             offsetof(finding_slot, record));
    if (std::ranges::find(told.marks, slot->signature.load()) != told.marks.end()) return &one;
  }
  return nullptr;
}

// Known again by its marks, or by the lines of the user's at which its locks are taken.
finding confirmer::deadlock_of(const finding& told, const sighting& seen, std::uint64_t trial) const {
  finding deadlock;
  deadlock.kind = finding_kind::deadlock;
  deadlock.marks = {seen.signature, seen.likeness};
  deadlock.first_trial = trial;
  for (const actor& actor : told.actors) {
    const auto first = std::ranges::find_if(actor.stack, [](const frame& one) { return one.is_user; });
    if (first == actor.stack.end()) continue;
    deadlock.actors.emplace_back();
    deadlock.actors.back().stack.push_back(*first);
  }
  token token;
  token.test_case = hash_of_test_case(run_.inner().options.name);
  token.strategy = directed_.name();
  token.seed = run_.inner().options.seed;
  token.trial = trial;
  deadlock.token = to_string(token);
  return deadlock;
}

std::optional<finding> confirmer::confirm(finding& told) {
  const possible_deadlock& possible = *this->possible(told);
  const lock_chain chain = chain_of(possible);
  const double started = seconds_now();
  std::optional<finding> deadlock;
  while (!deadlock && told.directed < most_executions && seconds_now() - started < left_) {
    const unsigned attempt = told.directed++;
    probe_plan plan;
    plan.chosen = &directed_;
    plan.schedule = schedule_;
    plan.want_only(finding_kind::deadlock);
    // What the body picks may decide whether they meet: the execution that has shown these locks, and others.
    plan.trial = possible.trial + (attempt % 2 == 0 ? 0 : attempt / 2 + 1);
    // Few switches first, which are easily explained. A lock may be taken by other ways, too: then the call alone
    // counts.
    directed_.follow(chain, attempt, attempt % 4 < 2, attempt % 8 < 4 ? lock_place::most_frames : 1);
    const std::uint64_t before = directed_.confirmed();
    const probe_outcome outcome = probe_(plan);
    if (!outcome.is_complete) break;  // it hangs: others would, too
    if (directed_.confirmed() == before) continue;
    for (const sighting& seen : outcome.findings)
      if (!deadlock && is_that(possible, seen)) deadlock = deadlock_of(told, seen, plan.trial);
  }
  left_ -= seconds_now() - started;
  return deadlock;
}

}  // namespace ravel::detail
