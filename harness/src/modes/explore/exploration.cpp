// SPDX-License-Identifier: MIT
// See exploration.hpp.
#include "exploration.hpp"

#include "bridge/hidden_memory.hpp"

#include <sys/mman.h>

#include <cstring>
#include <new>

namespace ravel::detail {

namespace {

constexpr std::size_t arena_bytes = std::size_t{256} << 20;  // address space; pages cost nothing until touched

std::uint64_t hash_of(const schedule_log& log) noexcept {
  std::uint64_t hash = 0x5EED;
  for (std::uint32_t i = 0; i < log.count; ++i)
    hash = mix(hash, log.decisions[i].step << 20 | log.decisions[i].value << 2 |
                         static_cast<std::uint32_t>(log.decisions[i].kind));
  return hash;
}

// relaxed, and no atomic addition: one process writes at a time, and the parent reads when it has ended
std::uint64_t add(std::atomic<std::uint64_t>& sum, std::uint64_t more) noexcept {
  const std::uint64_t before = sum.load(std::memory_order_relaxed);
  sum.store(before + more, std::memory_order_relaxed);
  return before;
}

void raise_to(std::atomic<std::uint64_t>& most, std::uint64_t value) noexcept {
  if (most.load(std::memory_order_relaxed) < value) most.store(value, std::memory_order_relaxed);
}

}  // namespace

exploration::exploration(const explore_options& given) : options(given), arena(arena_bytes) {
  // Mapped memory is zeroed, and these are plain data: nothing is constructed, so that no page is touched.
  shared = static_cast<shared_exploration*>(arena.allocate(sizeof(shared_exploration)));
  kept = static_cast<kept_schedule*>(arena.allocate(sizeof(kept_schedule) * kept_schedule::capacity));
  second = static_cast<kept_schedule*>(arena.allocate(sizeof(kept_schedule)));
  longest = static_cast<kept_schedule*>(arena.allocate(sizeof(kept_schedule)));
  left_out = static_cast<left_out_calls*>(arena.allocate(sizeof(left_out_calls)));
  limits = {given.points, given.has_spurious_wakeups, given.has_early_timeouts, given.has_failing_tries,
            static_cast<std::uint64_t>(given.hold_up * 1e9)};
}

run_options run_options_of(const explore_options& options) {
  return {.name = options.name,
          .trials = options.executions,
          .seconds = options.seconds,
          .stop_after = options.stop_after,
          .seed = options.seed,
          .trial_limit = options.execution_limit,
          .isolation = options.isolation,
          .trials_per_batch = options.executions_per_batch,
          .memory_limit_mb = options.memory_limit_mb,
          .may_be_undecided = options.may_be_undecided,
          .is_program = options.is_program,
          .without = options.without,
          .may_outlive = options.may_outlive,
          .trusted = options.trusted,
          .suppressions = options.suppressions};
}

void kept_schedule::keep(const schedule_log& of, std::uint64_t batch) noexcept {
  batch_start = batch;
  log.trial = of.trial;
  log.lost = of.lost;
  log.count = of.count;
  for (std::uint32_t at = 0; at < log.count; ++at) log.decisions[at] = of.decisions[at];
  trial.store(of.trial, std::memory_order_release);  // after the decisions, for schedule_of()
}

void exploration::keep_schedule(std::uint64_t trial) noexcept {
  if (shared->log.trial != trial) return;
  for (std::uint32_t i = 0; i < kept_schedule::capacity; ++i) {
    const std::uint64_t there = kept[i].trial.load(std::memory_order_relaxed);
    if (there == trial) return;
    if (there == 0) return kept[i].keep(shared->log, shared->batch_start);
  }
}

void exploration::start_afresh() {
  // Not from the arena, which the parent goes on using.
  constexpr std::size_t bytes = sizeof(shared_exploration) + sizeof(kept_schedule);
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  hide_memory_from_tools(memory, bytes);
  second = longest = static_cast<kept_schedule*>(memory);
  shared = reinterpret_cast<shared_exploration*>(static_cast<char*>(memory) + sizeof(kept_schedule));
}

const kept_schedule* exploration::schedule_of(std::uint64_t trial) const noexcept {
  for (std::uint32_t i = 0; i < kept_schedule::capacity; ++i)
    if (kept[i].trial.load(std::memory_order_acquire) == trial) return &kept[i];
  return nullptr;
}

void begin_execution(exploration& explore, std::uint64_t seed, std::uint64_t trial, thread_record* body) noexcept {
  explore.shared->end.is_set.store(0, std::memory_order_relaxed);  // relaxed: read when this process has ended
  the_execution().leave_out(explore.left_out);
  if (explore.listener != nullptr) explore.listener->begins();
  the_execution().begin(trial, seed, *explore.chosen, explore.limits, body, &explore.shared->log, explore.listener);
}

namespace {

void count_execution(exploration& explore) noexcept {
  const execution& one = the_execution();
  explore_counts& counts = explore.shared->counts;
  const std::uint64_t before = add(counts.executions, 1);
  if (before == 1) explore.second->keep(explore.shared->log, explore.shared->batch_start);
  if (one.points() > counts.most_points.load(std::memory_order_relaxed))
    explore.longest->keep(explore.shared->log, explore.shared->batch_start);
  if (one.is_set_aside()) add(counts.over_budget, 1);
  add(counts.points, one.points());
  add(counts.switches, one.switches());
  raise_to(counts.most_points, one.points());
  raise_to(counts.most_switches, one.switches());
  if (explore.shared->schedules.add(hash_of(explore.shared->log))) add(counts.distinct, 1);
}

}  // namespace

void end_execution(exploration& explore) noexcept {
  the_execution().end();
  if (explore.listener != nullptr) explore.listener->ends();
  count_execution(explore);
}

void abandon_execution(exploration& explore) noexcept {
  the_execution().abandon();
  if (explore.listener != nullptr) explore.listener->ends();
  count_execution(explore);
}

}  // namespace ravel::detail
