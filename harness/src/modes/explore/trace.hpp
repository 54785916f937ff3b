// SPDX-License-Identifier: MIT
// What happened in one execution, event by event, in memory that the parent reads when the process is gone: for
// comparing executions, for the interleaving that is shown, and for naming switches by source lines.
// The tracer is called by the thread in control. Cost: a stack walk and a system call an event.
#pragma once

#include "engine/execution.hpp"
#include "intercept/heap_listener.hpp"

#include <ravel/fixed_text.hpp>

#include <cstdint>

namespace ravel::detail {

struct traced_event {
  static constexpr std::uint32_t most_callers = 12;
  std::uint32_t thread;  // index
  operation what;
  bool has_value;  // read after the access, of 1, 2, 4 or 8 bytes
  std::uint32_t bytes;
  std::uint32_t callers;
  std::uint32_t done;  // sorts events by when they took place: a thread that is switched away from comes before its own
  std::uint64_t event;  // the thread's n-th
  const void* object;
  std::uint64_t value;
  std::uintptr_t pc;
  std::uintptr_t caller[most_callers];  // the rest of its stack
  std::uintptr_t frame[most_callers];   // the frame pointer of the function that caller[i] is in
};

// Where somebody else was chosen than default_choice() would have.
struct traced_decision {
  std::uint32_t thread;
  std::uint32_t to;  // index of a thread; for pick: what was picked
  std::uint64_t event;
  decision_kind kind;  // at_point, forced or pick
};

struct traced_thread {
  std::uint64_t path;  // 0: not seen
  std::uint32_t parent, nth_child;
  std::uintptr_t stack_low, stack_high;
  fixed_text<48> name;
};

// A block of heap memory.
struct traced_block {
  static constexpr std::uint32_t most_callers = raw_stack::max_depth, never = ~0u;
  const void* begin;
  std::uint64_t bytes;
  std::uint32_t made_after, freed_after;  // so many events
  std::uint32_t made_by, freed_by;        // threads
  std::uint32_t makers, freers;           // depths of the stacks
  std::uintptr_t maker[most_callers], freer[most_callers];
};

// A call that the body could do without.
struct traced_call {
  std::uint64_t thread;  // path
  std::uint32_t nth;     // 1.. of that thread
  std::uint64_t event;   // the thread's latest before it
  bool is_free;          // nothing else in the body depends on it
};

struct trace {
  static constexpr std::uint32_t most_events = 1u << 17, most_decisions = 1u << 13, most_calls = 1u << 10,
                                 most_blocks = 1u << 14;
  std::uint32_t block_count;  // those after the first so many were not told
  std::uint32_t event_count, decision_count, thread_count, call_count;
  std::uint32_t lost;      // events and decisions that did not fit
  std::uint32_t oddities;  // of the execution, up to its latest event
  std::uint64_t held_up;
  traced_thread threads[execution::most_threads];
  traced_decision decisions[most_decisions];
  traced_call calls[most_calls];
  traced_block blocks[most_blocks];
  traced_event events[most_events];

  void clear() noexcept;
};

class tracer final : public event_listener, private heap_listener {
 public:
  // Both live in memory shared with the parent, which calls this before it forks.
  void start(trace& into) noexcept;
  // What comes after the first claim about progress that is broken is left out: it is of no interest to who looks for
  // that, and often long.
  void end_at_broken_claim(bool is_to) noexcept { ends_at_claim_ = is_to; }
  [[nodiscard]] bool ends_at_broken_claim() const noexcept { return ends_at_claim_; }

  void begins() noexcept override;
  void ends() noexcept override;
  void about_to(const controlled_thread& thread, std::uint64_t step) noexcept override;
  void switched(const controlled_thread&, const controlled_thread&, std::uint64_t) noexcept override {}
  void picked(std::uint32_t which, std::uint32_t of, std::uint64_t step) noexcept override;
  void chose(const choice& at, const controlled_thread& next) noexcept override;
  void optional_call(const controlled_thread& thread, bool is_free) noexcept override;
  void claim_broken() noexcept override { has_ended_ = has_ended_ || ends_at_claim_; }

 private:
  void made(const void* memory, std::size_t bytes) noexcept override;
  void freed(const void* memory) noexcept override;
  void see(const controlled_thread& thread) noexcept;
  void add(const traced_decision& made) noexcept;
  void note_world() noexcept;
  void read_value_of_last(const controlled_thread& thread) noexcept;

  trace* trace_ = nullptr;
  bool ends_at_claim_ = false, has_ended_ = false;
  std::int64_t process_ = 0;
  std::uint32_t last_[execution::most_threads] = {};  // each thread's latest event, counted from 1
};

}  // namespace ravel::detail
