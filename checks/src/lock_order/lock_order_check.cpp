// SPDX-License-Identifier: MIT
// See lock_order_check.hpp.
#include "lock_order_check.hpp"

#include "lock_groups.hpp"
#include "locks/clocks.hpp"
#include "locks/seen_deadlocks.hpp"

#include <ravel/checks/lock_order.hpp>
#include <ravel/report.hpp>

#include <algorithm>
#include <map>

namespace ravel::checks {

namespace {

// The tuples of the shared memory as the graph wants them, and the way back.
class graph_builder {
 public:
  explicit graph_builder(const lock_memory& memory)
      : memory_(memory), graph_([&memory](std::uint32_t a, std::uint32_t b) { return is_concurrent(memory, a, b); }) {}

  void add(const auto& tuples, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i)
      if (tuples.items[i].is_attempt)
        attempts_.push_back(&tuples.items[i]);
      else
        add(tuples.items[i], tuples.items[i].held);
  }
  // A try inside std::lock; looked into only where its classes lie on a cycle.
  void add_attempts(stack_frames& frames) {
    for (const lock_tuple* attempt : attempts_) each_class_edge(*attempt, [&](auto a, auto b) { classes_.add(a, b); });
    for (const lock_tuple* attempt : attempts_) {
      bool matters = false;
      each_class_edge(*attempt, [&](auto a, auto b) { matters = matters || classes_.is_on_cycle(a, b); });
      if (!matters) continue;
      if (const reference held = held_before_group(memory_, *attempt, frames); held != 0) add(*attempt, held);
    }
  }

  lock_graph& graph() { return graph_; }
  const lock_tuple& origin(std::uint32_t index) const { return *origins_[index]; }
  // The node of `holder`'s chain for this lock.
  const held_node& node_of(std::uint32_t holder, std::uint32_t lock) const {
    reference held = origins_[holder]->held;
    while (numbers_.at(memory_.node(held).instance) != lock) held = memory_.node(held).below;
    return memory_.node(held);
  }
  const lock_instance& instance(std::uint32_t lock) const { return memory_.instance(references_[lock]); }

 private:
  void add(const lock_tuple& tuple, reference held) {
    lock_graph::tuple made{memory_.clocks.items[tuple.clock - 1].thread,
                           tuple.clock,
                           number(tuple.wanted),
                           tuple.mode,
                           tuple.is_timed,
                           {}};
    for (; held != 0; held = memory_.node(held).below)
      made.held.push_back({number(memory_.node(held).instance), memory_.node(held).mode});
    std::ranges::reverse(made.held);
    graph_.add(std::move(made));
    origins_.push_back(&tuple);
    each_class_edge(tuple, [&](auto a, auto b) { classes_.add(a, b); });
  }
  void each_class_edge(const lock_tuple& tuple, auto act) const {
    const std::uint64_t wanted = memory_.instance(tuple.wanted).class_key();
    for (reference held = tuple.held; held != 0; held = memory_.node(held).below)
      act(memory_.instance(memory_.node(held).instance).class_key(), wanted);
  }
  std::uint32_t number(reference instance) {
    const auto [entry, is_new] = numbers_.try_emplace(instance, static_cast<std::uint32_t>(references_.size()));
    if (is_new) {
      references_.push_back(instance);
      graph_.set_class(entry->second, memory_.instance(instance).class_key());
    }
    return entry->second;
  }

  const lock_memory& memory_;
  lock_graph graph_;
  class_graph classes_;
  std::vector<const lock_tuple*> origins_, attempts_;
  std::map<reference, std::uint32_t> numbers_;
  std::vector<reference> references_;
};

found_cycle copied(const lock_memory& memory, graph_builder& builder, const lock_graph::cycle& cycle) {
  found_cycle made;
  made.kept_apart_by = cycle.kept_apart_by;
  const auto stack = [&](std::uint32_t position) { return memory.stacks.items[position - 1]; };
  for (std::size_t i = 0; i < cycle.tuples.size(); ++i) {
    const std::uint32_t index = cycle.tuples[i];
    const std::uint32_t before = cycle.tuples[(i + cycle.tuples.size() - 1) % cycle.tuples.size()];
    const lock_graph::tuple& tuple = builder.graph().at(index);
    const lock_tuple& origin = builder.origin(index);
    // The lock that the one before waits for.
    const held_node& node = builder.node_of(index, builder.graph().at(before).wanted);
    const lock_instance& held = memory.instance(node.instance);
    const lock_instance& wanted = memory.instance(origin.wanted);
    made.parts.push_back({memory.identities.items[tuple.thread].name.c_str(), held, wanted, stack(held.stack),
                          stack(wanted.stack), stack(node.stack), stack(origin.stack), node.mode, origin.mode});
    made.trial = std::max(made.trial, origin.trial);
    made.edges.push_back(mix(mix(1, held.class_key()), wanted.class_key()));
  }
  if (cycle.kept_apart_by == obstacle::guard) {
    made.guard = builder.instance(cycle.guard);
    made.guard_first_locked = stack(made.guard.stack);
  }
  std::ranges::sort(made.edges);
  return made;
}

// Locks of Catch2's own are not the target's business, nor are Ravel's.
bool is_of_the_target(const found_cycle& cycle, stack_frames& frames) {
  return std::ranges::all_of(cycle.parts, [&](const found_cycle::part& part) {
    const std::vector<frame> stack = frames.of(part.wanted_stack);
    const auto first = std::ranges::find_if(stack, [](const frame& one) { return one.is_user; });
    if (first != stack.end()) return first->function.find("Catch::") == std::string::npos;
    return std::ranges::none_of(stack,
                                [](const frame& one) { return one.function.find("Catch::") != std::string::npos; });
  });
}

bool was_seen_as_deadlock(const found_cycle& cycle) {
  std::vector<std::uint64_t> places;
  for (const found_cycle::part& part : cycle.parts) places.push_back(place_key(part.wanted_stack));
  std::ranges::sort(places);
  return deadlocks_seen().contains(places);
}

}  // namespace

void lock_order_check::run_started(run_view& run) {
  deadlocks_seen().clear();
  recorder_ = lock_recorder::of_run(run);
  recorder_->keeps_tuples = true;
}

void lock_order_check::analyse() {
  lock_memory& memory = recorder_->memory();
  const std::uint32_t kept = memory.kept.tuples.count.load(), of_trial = memory.of_trial.tuples.count.load();
  if (kept == kept_tuples_analysed_ && of_trial == 0) return;
  kept_tuples_analysed_ = kept;
  graph_builder builder(memory);
  stack_frames frames;
  builder.add(memory.kept.tuples, kept);
  builder.add(memory.of_trial.tuples, of_trial);
  builder.add_attempts(frames);
  for (const lock_graph::cycle& cycle : builder.graph().cycles()) keep(copied(memory, builder, cycle));
  was_capped_ = was_capped_ || builder.graph().was_capped();
}

// A cycle that can happen takes the place of the same classes' order-only one.
void lock_order_check::keep(found_cycle cycle) {
  for (found_cycle& known : found_)
    if (known.edges == cycle.edges) {
      if (known.kept_apart_by != obstacle::none && cycle.kept_apart_by == obstacle::none) known = std::move(cycle);
      return;
    }
  found_.push_back(std::move(cycle));
}

void lock_order_check::batch_ended(run_view&, bool) {
  analyse();
  recorder_->forget_trial_tuples();
}

void lock_order_check::batches_ended(run_view&) {
  lock_memory& memory = recorder_->memory();
  stack_frames frames;
  for (const found_cycle& cycle : found_)
    for (const found_cycle::part& part : cycle.parts) {
      for (const raw_stack* stack :
           {&part.held_first_locked, &part.wanted_first_locked, &part.held_stack, &part.wanted_stack})
        frames.want(*stack);
      frames.want(cycle.guard_first_locked);
    }
  // Feasible ones first: an order-only one that reads the same says nothing more.
  std::stable_partition(found_.begin(), found_.end(),
                        [](const found_cycle& one) { return one.kept_apart_by == obstacle::none; });
  std::set<std::string> told;
  for (const found_cycle& cycle : found_) {
    if (was_seen_as_deadlock(cycle) || !is_of_the_target(cycle, frames)) continue;
    if (!told.insert(likeness(cycle, frames)).second) continue;
    const raw_finding* finding = report_cycle(cycle, memory.order_only_fails.load() != 0, frames);
    if (finding == nullptr || cycle.kept_apart_by != obstacle::none) continue;
    possible_.push_back({finding, cycle.trial, {}});
    for (const found_cycle::part& part : cycle.parts)
      possible_.back().links.push_back({part.held_stack, part.wanted_stack});
  }
}

void lock_order_check::run_ended(run_view&, report& report) {
  const lock_memory& memory = recorder_->memory();
  for (finding& one : report.findings)
    if (one.check == "lock_order") one.trials_counted = 0;  // it was possible, not seen so many times
  if (was_capped_)
    report.notes.push_back("lock order: the search for cycles was capped; longer or further ones may exist");
  if (const std::uint64_t lost = memory.lost.load(); lost != 0)
    report.notes.push_back("lock order: " + std::to_string(lost) +
                           " things found no room in Ravel's memory of locks; some orders were not looked at");
}

void lock_order_check::batch_started(run_view&) {
  if (recorder_->is_led_by(this)) recorder_->batch_started();
}
void lock_order_check::trial_started(run_view& run) {
  if (recorder_->is_led_by(this)) recorder_->trial_started(run);
}
void lock_order_check::phase_starting(run_view& run) {
  if (recorder_->is_led_by(this)) recorder_->phase_starting(run);
}
void lock_order_check::phase_ended(run_view& run) {
  if (recorder_->is_led_by(this)) recorder_->phase_ended(run);
}
void lock_order_check::trial_ended(run_view& run) {
  if (recorder_->is_led_by(this)) recorder_->trial_ended(run);
}
void lock_order_check::thread_started(run_view& run, thread_record& record) noexcept {
  if (recorder_->is_led_by(this)) recorder_->thread_started(run, record);
}
void lock_order_check::thread_ended(run_view& run, thread_record& record) noexcept {
  if (recorder_->is_led_by(this)) recorder_->thread_ended(run, record);
}

std::unique_ptr<observer> make_lock_order_check() { return std::make_unique<lock_order_check>(); }

lock_order::lock_order(trial&, lock_order_options options) noexcept {
  if (run_view* run = current_run())
    if (lock_recorder* recorder = lock_recorder::in_flight(*run))
      recorder->memory().order_only_fails.store(options.order_only_fails ? 1 : 0);
}

}  // namespace ravel::checks
