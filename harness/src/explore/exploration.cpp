// SPDX-License-Identifier: MIT
// See exploration.hpp.
#include "exploration.hpp"

#include "../run_hooks.hpp"

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

void raise_to(std::atomic<std::uint64_t>& most, std::uint64_t value) noexcept {
  if (most.load(std::memory_order_relaxed) < value) most.store(value, std::memory_order_relaxed);
}

}  // namespace

shared_arena::shared_arena(std::size_t bytes) : bytes_(bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<char*>(memory);
  hide_memory_from_tools(memory, bytes);
}

shared_arena::~shared_arena() {
  forget_hidden_memory(memory_);
  munmap(memory_, bytes_);
}

void* shared_arena::allocate(std::size_t bytes) {
  used_ = (used_ + 63) & ~std::size_t{63};
  if (bytes > bytes_ - used_) throw std::bad_alloc();
  void* memory = memory_ + used_;
  used_ += bytes;
  return memory;
}

exploration::exploration(const explore_options& given) : options(given), arena(arena_bytes) {
  // Mapped memory is zeroed, and these are plain data: nothing is constructed, so that no page is touched.
  shared = static_cast<shared_exploration*>(arena.allocate(sizeof(shared_exploration)));
  kept = static_cast<kept_schedule*>(arena.allocate(sizeof(kept_schedule) * kept_schedule::capacity));
  limits = {given.points, given.has_spurious_wakeups, given.has_early_timeouts, given.has_failing_tries};
}

void exploration::keep_schedule(std::uint64_t trial) noexcept {
  for (std::uint32_t i = 0; i < kept_schedule::capacity; ++i) {
    const std::uint64_t there = kept[i].trial.load(std::memory_order_relaxed);
    if (there == trial) return;
    if (there != 0) continue;
    kept[i].batch_start = shared->batch_start;
    schedule_log& log = kept[i].log;
    log.trial = trial;
    log.lost = shared->log.lost;
    log.count = shared->log.count;
    for (std::uint32_t at = 0; at < log.count; ++at) log.decisions[at] = shared->log.decisions[at];
    kept[i].trial.store(trial, std::memory_order_release);
    return;
  }
}

void exploration::start_afresh() {
  void* memory = mmap(nullptr, sizeof(shared_exploration), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  hide_memory_from_tools(memory, sizeof(shared_exploration));
  shared = static_cast<shared_exploration*>(memory);
}

const kept_schedule* exploration::schedule_of(std::uint64_t trial) const noexcept {
  for (std::uint32_t i = 0; i < kept_schedule::capacity; ++i)
    if (kept[i].trial.load(std::memory_order_acquire) == trial) return &kept[i];
  return nullptr;
}

void begin_execution(exploration& explore, std::uint64_t seed, std::uint64_t trial, thread_record* body) noexcept {
  explore.shared->end.is_set.store(0, std::memory_order_relaxed);
  the_execution().begin(trial, seed, *explore.chosen, explore.limits, body, &explore.shared->log, explore.listener);
}

namespace {

void count_execution(exploration& explore) noexcept {
  const execution& one = the_execution();
  explore_counts& counts = explore.shared->counts;
  // relaxed throughout: one process writes at a time, and the parent reads when it has ended
  counts.executions.fetch_add(1, std::memory_order_relaxed);
  counts.points.fetch_add(one.points(), std::memory_order_relaxed);
  counts.switches.fetch_add(one.switches(), std::memory_order_relaxed);
  raise_to(counts.most_points, one.points());
  raise_to(counts.most_switches, one.switches());
  if (explore.shared->schedules.add(hash_of(explore.shared->log)))
    counts.distinct.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

void end_execution(exploration& explore) noexcept {
  the_execution().end();
  count_execution(explore);
}

void abandon_execution(exploration& explore) noexcept {
  the_execution().abandon();
  count_execution(explore);
}

}  // namespace ravel::detail
