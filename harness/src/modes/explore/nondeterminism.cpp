// SPDX-License-Identifier: MIT
// See nondeterminism.hpp. Both replays are cold, because what an execution finds of earlier ones is no nondeterminism.
// The second one has its heap elsewhere, so that addresses that decide something show; then two more without that tell
// whether anything else does.
#include "nondeterminism.hpp"

#include "bridge/hidden_memory.hpp"
#include "process/run.hpp"
#include "process/supervised_run.hpp"
#include "strategy/replay.hpp"
#include "trace.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

constexpr std::uint32_t same = ~0u;

struct comparison {
  prober& probe;
  replay_strategy& follower;
  tracer& listener;
  trace* first;
  trace* second;
  trace* third;
};

bool is_equal(const trace& a, const trace& b, std::uint32_t at) {
  const traced_event &x = a.events[at], &y = b.events[at];
  return x.what == y.what && x.pc == y.pc && a.threads[x.thread].path == b.threads[y.thread].path;
}

// Index of the first event that differs.
std::uint32_t difference(const trace& a, const trace& b) {
  const std::uint32_t common = std::min(a.event_count, b.event_count);
  for (std::uint32_t at = 0; at < common; ++at)
    if (!is_equal(a, b, at)) return at;
  return a.event_count == b.event_count ? same : common;
}

bool run_into(comparison& with, trace& into, std::uint64_t trial, bool has_shifted_heap) {
  with.listener.start(into);
  probe_plan plan;
  plan.chosen = &with.follower;
  plan.trial = trial;
  plan.listener = &with.listener;
  plan.want_only(finding_kind::hang);
  plan.has_shifted_heap = has_shifted_heap;
  const probe_outcome outcome = with.probe(plan);
  // One that was ended by the clock tells nothing.
  return outcome.is_complete &&
         std::ranges::find(outcome.findings, finding_kind::hang, &sighting::kind) == outcome.findings.end();
}

void add_actor(raw_finding& finding, const trace& trace, std::uint32_t at, const char* which) {
  raw_actor& actor = finding.add_actor();
  if (at >= trace.event_count) {
    actor.thread.add("the execution");
    actor.action.add("ended there in ").add(which);
    return;
  }
  const traced_event& event = trace.events[at];
  actor.thread.add(trace.threads[event.thread].name.c_str());
  actor.action.add("came to \"").add(word_for(event.what)).add("\" in ").add(which);
  actor.stack.depth = 0;
  if (event.pc != 0) actor.stack.pc[actor.stack.depth++] = event.pc;
  for (std::uint32_t i = 0; i < event.callers; ++i)
    if (event.caller[i] != event.pc) actor.stack.pc[actor.stack.depth++] = event.caller[i];
}

void report_difference(const comparison& with, std::uint64_t trial, std::uint32_t at, bool needs_other_addresses) {
  const std::uint64_t where = at < with.first->event_count ? with.first->events[at].pc : 0;
  raw_finding* finding = open_finding(finding_kind::nondeterminism, mix(where, 41), trial);
  if (finding == nullptr) return;
  finding->check.add(nondeterminism_check);
  finding->is_informative = needs_other_addresses;
  finding->what.add("the same schedule did not lead to the same steps: two replays of execution ")
      .add_number(trial)
      .add(" part at their ")
      .add_number(at + 1)
      .add(". point");
  add_actor(*finding, *with.first, at, "one");
  add_actor(*finding, *with.second, at, needs_other_addresses ? "the other, with its heap elsewhere" : "the other");
  if (needs_other_addresses)
    finding->add_note().add(
        "an address decides something here, such as the order in a hash table with pointers as keys; tokens of this "
        "test may not show their finding in another build");
  else
    finding->add_note().add(
        "something that Ravel does not control decides here: random numbers, the time stamp counter, a file, another "
        "process; take random numbers from me.pick() or trial.pick(), and give the target a clock of the test's");
  finding->add_note().add(
      "findings of this test may not replay; to leave this check out: .without = {\"nondeterminism\"}");
  publish(finding);
}

void compare(comparison& with, const kept_schedule& kept) {
  const std::uint64_t trial = kept.trial.load();
  with.follower.follow(kept.log);
  if (!run_into(with, *with.first, trial, false) || !run_into(with, *with.second, trial, true)) return;
  const std::uint32_t at = difference(*with.first, *with.second);
  if (at == same) return;
  // Whatever the others say, this difference is told: they only tell what it comes from.
  bool needs_other_addresses = true;
  for (unsigned again = 0; again < 2 && needs_other_addresses; ++again)
    needs_other_addresses = run_into(with, *with.third, trial, false) && difference(*with.first, *with.third) == same;
  report_difference(with, trial, at, needs_other_addresses);
}

}  // namespace

void look_for_nondeterminism(supervised_run& run, exploration& explore, prober& probe) {
  const run_options& options = run.inner().options;
  if (options.isolation == isolation::none || is_under_valgrind()) return;
  if (std::ranges::find(options.without, nondeterminism_check) != options.without.end()) return;
  comparison with{probe,
                  *explore.arena.make<replay_strategy>(),
                  *explore.arena.make<tracer>(),
                  static_cast<trace*>(explore.arena.allocate(sizeof(trace))),
                  static_cast<trace*>(explore.arena.allocate(sizeof(trace))),
                  static_cast<trace*>(explore.arena.allocate(sizeof(trace)))};
  std::uint64_t done = 0;
  for (const kept_schedule* kept : {explore.second, explore.longest}) {
    const std::uint64_t trial = kept->trial.load();
    if (trial == 0 || trial == done || kept->log.lost != 0) continue;
    compare(with, *kept);
    done = trial;
  }
}

}  // namespace ravel::detail
