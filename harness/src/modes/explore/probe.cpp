// SPDX-License-Identifier: MIT
// See probe.hpp.
#include "probe.hpp"

#include "base/process_end.hpp"
#include "base/silence.hpp"
#include "base/steady_clock.hpp"
#include "process/child_watch.hpp"
#include "process/keeper.hpp"
#include "process/request_to_end.hpp"
#include "process/supervised_run.hpp"
#include "record/likeness.hpp"
#include "record/made_processes.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

namespace ravel::detail {

namespace {

constexpr std::uint32_t most_sightings = 64;
constexpr double grace_seconds = 5;  // for the supervising process beyond the limits that it keeps itself

struct used_up {
  used_up* next;
};
used_up* all_used_up = nullptr;

// Heap memory of every size is taken from elsewhere than without: of each, some is used up, for good. It can be reached
// all the same, or LeakSanitizer would tell of it, which takes it a second.
void shift_heap() noexcept {
  for (std::size_t bytes = sizeof(used_up); bytes <= 4096; bytes += bytes < 512 ? 16 : 256)
    for (int i = 0; i < 9; ++i) {
      auto* one = static_cast<used_up*>(std::malloc(bytes));
      if (one == nullptr) return;
      one->next = all_used_up;
      all_used_up = one;
    }
}

sighting sighting_of(const finding_slot& slot) noexcept {
  sighting one{slot.record.kind, slot.signature.load(), likeness_of(slot.record), 0, {}};
  for (std::uint32_t i = 0; i < std::min(slot.record.actor_count, raw_finding::max_actors); ++i) {
    const raw_stack& stack = slot.record.actor[i].stack;
    for (std::uint32_t frame = 0; frame < std::min(stack.depth, raw_stack::max_depth); ++frame)
      if (one.pc_count < std::size(one.pcs)) one.pcs[one.pc_count++] = stack.pc[frame];
  }
  return one;
}

// The return addresses in the user's code that a finding's stacks hold.
std::vector<std::uintptr_t> user_pcs(const finding& finding, const module_table& modules) {
  std::vector<std::uintptr_t> pcs;
  for (const actor& actor : finding.actors)
    for (const frame& frame : actor.stack)
      for (std::uint32_t i = 0; i < modules.count.load() && frame.is_user; ++i)
        if (frame.module == modules.entries[i].path) {
          pcs.push_back(modules.entries[i].bias + frame.offset + 1);
          break;
        }
  return pcs;
}

}  // namespace

struct prober::result {
  std::atomic<std::uint32_t> is_complete;
  std::uint32_t count;
  sighting findings[most_sightings];
};

bool is_made_at_the_end(finding_kind kind) noexcept {
  return kind == finding_kind::lock_order || kind == finding_kind::lock_misuse || kind == finding_kind::self_deadlock ||
         kind == finding_kind::tool_error;
}

prober::prober(supervised_run& run, exploration& explore)
    : run_(run), explore_(explore), result_(static_cast<result*>(explore.arena.allocate(sizeof(result)))) {}

void prober::perform(const probe_plan& plan) noexcept {
  try {
    silence_output();  // what the target prints was printed when the finding was made
    run& run = run_.inner();
    run.has_leaks_looked_for = plan.looks_for_leaks;
    run.start_afresh();
    explore_.start_afresh();
    explore_.chosen = plan.chosen;
    explore_.listener = plan.listener;
    if (plan.points != 0) explore_.limits.points = plan.points;
    run.deadline = seconds_now() + plan.seconds;
    if (plan.has_shifted_heap) shift_heap();
    const std::uint64_t first = plan.first != 0 ? plan.first : plan.trial;
    const std::uint64_t from = plan.learned_from != 0 ? plan.learned_from : first;
    run_.repeat(from, plan.trial, first - from);
    if (!plan.is_brief) run.tell([&](observer& one) { one.batches_ended(run); });
    if (plan.schedule != nullptr) plan.schedule->keep(explore_.shared->log, first);
    const run_control& control = run.shared->control;
    run.shared->findings.for_each([&](const finding_slot& slot) {
      if (!slot.record.is_informative && result_->count != most_sightings)
        result_->findings[result_->count++] = sighting_of(slot);
    });
    if (control.attempt.load() == plan.trial - from + 1) result_->is_complete.store(1);
  } catch (...) {
    // Incomplete: the parent sees it.
  }
}

bool prober::is_among(const finding& wanted, const probe_outcome& outcome) const {
  const std::vector<std::uintptr_t> pcs = user_pcs(wanted, run_.inner().shared->modules);
  return std::ranges::any_of(outcome.findings, [&](const sighting& one) {
    if (one.kind != wanted.kind) return false;
    if (std::ranges::find(wanted.marks, one.signature) != wanted.marks.end()) return true;
    if (std::ranges::find(wanted.marks, one.likeness) != wanted.marks.end()) return true;
    const std::uintptr_t* end = one.pcs + one.pc_count;
    return !pcs.empty() &&
           std::ranges::all_of(pcs, [&](std::uintptr_t pc) { return std::find(one.pcs, end, pc) != end; });
  });
}

probe_outcome prober::operator()(const probe_plan& plan) {
  result_->is_complete.store(0);
  result_->count = 0;
  if (request_to_end::came() != 0) return {};
  std::fflush(nullptr);
  const pid_t own = getpid(), host = fork();
  if (host < 0) return {};
  if (host == 0) {
    request_to_end::leave_to_target();
    die_with(own);
    setpgid(0, 0);  // so that it can be ended with what it forked
    perform(plan);
    end_process(0);
  }
  setpgid(host, host);
  note_made_process(host, 0, {});
  child_watch watch(host);
  const double limit = plan.seconds + explore_.options.execution_limit + grace_seconds;
  const double until = seconds_now() + limit;
  constexpr double look_seconds = 0.05;
  bool has_ended = false;
  while (!(has_ended = watch.ended_within(look_seconds)) && seconds_now() < until && request_to_end::came() == 0) {
  }
  if (!has_ended) {
    kill(-host, SIGKILL);
    while (!watch.ended_within(1)) {
    }
  }
  probe_outcome outcome;
  outcome.is_complete = result_->is_complete.load() != 0;
  outcome.findings.assign(result_->findings, result_->findings + result_->count);
  return outcome;
}

}  // namespace ravel::detail
