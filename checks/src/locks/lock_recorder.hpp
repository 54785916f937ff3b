// SPDX-License-Identifier: MIT
// Hears every lock, thread and free event of the target and keeps what the lock_order and deadlock checks
// need: who holds what and wants what (in the thread records), tuples "held, then wanted" (in lock_memory),
// and misuse that is wrong at once (self-deadlock, unlock by a stranger, ...), reported where it happens.
// Thread safety: events on the acting thread; the rest as said at class observer. No allocation in events.
// Cost of an uncontended lock and unlock: about 15 ns with nothing else held, 35 ns with one (tests/bench).
// Source: DESIGN section 7; Joshi et al. 2009 (iGoodLock) for tuples with contexts.
#pragma once

#include "class_graph.hpp"
#include "lock_memory.hpp"
#include "lock_state.hpp"

#include <ravel/observer.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace ravel::checks {

class lock_recorder final : public lock_observer {
 public:
  // Of the run in flight; made by the first check that asks in run_started, shared by the others.
  static std::shared_ptr<lock_recorder> of_run(run_view& run);

  // The one made by of_run, or nullptr.
  static lock_recorder* in_flight(const run_view& run) noexcept;

  explicit lock_recorder(run_view& run);

  // Both checks drive it; the first one that calls leads, the other's calls do nothing.
  [[nodiscard]] bool is_led_by(const void* check) noexcept;
  bool keeps_tuples = false;    // lock_order is on
  bool reports_misuse = false;  // deadlock is on

  void batch_started();
  void trial_started(run_view& run);
  void phase_starting(run_view& run);
  void phase_ended(run_view& run);
  void trial_ended(run_view& run);
  void thread_started(run_view& run, thread_record& record) noexcept;
  void thread_ended(run_view& run, thread_record& record) noexcept;
  // In the parent, when the tuples of the last batch have been looked at: makes room for the next one's.
  void forget_trial_tuples() noexcept;

  void requested(thread_record& record, const lock_event& event) noexcept override;
  void acquired(thread_record& record, const lock_event& event) noexcept override;
  void not_acquired(thread_record& record, const lock_event& event) noexcept override;
  void released(thread_record& record, const lock_event& event) noexcept override;
  void destroyed(thread_record& record, const lock_event& event) noexcept override;
  void condition_waiting(thread_record& record, const void* condition, const lock_event& event) noexcept override;
  void condition_woken(thread_record& record, const void* condition, const lock_event& event) noexcept override;
  void created(thread_record& parent, thread_record& child) noexcept override;
  void joining(thread_record& parent, thread_record& child) noexcept override;
  void not_joined(thread_record& parent, thread_record& child) noexcept override;
  void joined(thread_record& parent, thread_record& child) noexcept override;
  void freed(const void* memory, std::size_t bytes) noexcept override;

  [[nodiscard]] lock_memory& memory() noexcept { return *memory_; }
  [[nodiscard]] lock_state& state_of(const thread_record& record) noexcept { return states_[record.slot]; }
  [[nodiscard]] run_view& run() noexcept { return *run_; }
  // The stack of a held lock's acquisition, as far as it is known without walking the thread's stack.
  static void kept_stack(const acquisition& taken, raw_stack& into) noexcept;

 private:
  struct data_range {
    std::uintptr_t low, high;
  };

  void prepare(thread_record& record, lock_state& state, std::uint32_t identity, std::uint32_t clock) noexcept;
  void catch_up(thread_record& record, lock_state& state) noexcept;
  [[nodiscard]] bool has_suspicious_tuples();
  void want_while_holding(thread_record& record, lock_state& state, const lock_event& event) noexcept;
  void judge_request_again(thread_record& record, lock_state& state, const lock_event& event,
                           std::int64_t position) noexcept;
  // by_tables: the call came from inside libstdc++, which keeps no frame pointers.
  void remember(thread_record& record, lock_state& state, const lock_event& event, bool by_tables = false) noexcept;
  void add_tuple(lock_state& state, const lock_event& event, reference held, reference wanted,
                 const raw_stack& site) noexcept;
  reference top_node(thread_record& record, lock_state& state) noexcept;
  reference add_node(thread_record& record, lock_state& state, std::uint32_t position, reference below) noexcept;
  bool push(thread_record& record, lock_state& state, const lock_event& event, bool by_attempt) noexcept;
  void remove(thread_record& record, lock_state& state, std::uint32_t position) noexcept;

  // lock_instances.cpp
  reference instance_at(thread_record& record, lock_state& state, const void* lock, lock_kind kind,
                        const char* class_name, const raw_stack* site) noexcept;
  address_entry* new_entry(const void* lock) noexcept;
  void note_storage(const thread_record& record, lock_state& state, const void* lock) noexcept;
  void find_static_data();
  address_entry* entry_of(const void* lock) noexcept;
  void retire(const void* lock) noexcept;
  void retire_popped(lock_state& state, std::uintptr_t frame) noexcept;
  void make_room_for_addresses() noexcept;
  [[nodiscard]] bool is_static(const void* lock) const noexcept;
  [[nodiscard]] bool is_on_a_stack(const void* lock) noexcept;
  std::uint32_t stack_reference(const raw_stack& stack) noexcept;

  run_view* run_;
  std::uint32_t start_;
  lock_memory* memory_;
  lock_state* states_;
  static constexpr std::uint32_t most_blocks = 1024;

  held_block* blocks_;
  std::atomic<std::uint32_t>* blocks_used_;
  const void* leader_ = nullptr;
  std::vector<data_range> static_data_;
  std::uint64_t static_data_loads_ = 0;  // when static_data_ was found
  class_graph classes_;                  // of the process that runs trials
  std::uint32_t kept_tuples_seen_ = 0;
  std::uint32_t tuple_mark_ = 0, node_mark_ = 0, instance_mark_ = 0;
  std::uint32_t phase_ = 0;
  std::uint32_t phase_clock_ = 0;  // of the body when the phase started
};

// The calling thread's stack from the frame whose return address is pc on.
void capture_from(raw_stack& stack, std::uintptr_t pc, bool by_tables = false) noexcept;

// Ends the stack where frame pointers led astray, in code built without them: what is no address in loaded code
// differs from time to time, and would make many stacks of one.
void drop_garbage(raw_stack& stack) noexcept;

// Blocks until somebody else lets go, as far as a glance at the lock can tell.
[[nodiscard]] bool looks_taken(const void* lock, lock_kind kind) noexcept;
// The same for a lock whose memory may be gone: false then.
[[nodiscard]] bool is_still_taken(const void* lock, lock_kind kind) noexcept;

}  // namespace ravel::checks
