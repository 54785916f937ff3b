// SPDX-License-Identifier: MIT
// One execution under control: which threads there are, who can go on, who waits for what, virtual time. At each point
// the strategy says who runs next. Used by the thread in control only, through the one object of the process.
// Nothing here allocates, locks or calls an intercepted function. Cost of a point that the strategy does not look at:
// about 2 ns; of one it looks at: its own cost plus some 5 ns; of a switch: see engine.hpp.
#pragma once

#include "claim_trial.hpp"
#include "engine.hpp"
#include "event_listener.hpp"
#include "execution_limits.hpp"
#include "repetition.hpp"
#include "schedule_log.hpp"
#include "strategy.hpp"
#include "sync_object.hpp"

#include <algorithm>
#include <cstdint>

namespace ravel::detail {

class execution;
struct left_out_calls;
// Told by the thread in control when an execution cannot go on. Must not return.
using given_up_handler = void (*)(execution& execution, ending how) noexcept;

// Sees to what is due to a thread that has got control: its handlers run. How a call that waits goes on.
using resumed_handler = interruption (*)(controlled_thread& self) noexcept;

class execution {
 public:
  static constexpr std::uint32_t most_threads = 1u << 14;
  static constexpr std::uint64_t for_ever = ~std::uint64_t{0};
  static constexpr std::uint64_t nanoseconds_a_step = 20;  // what an uncontended lock takes

  // The calling thread becomes the first controlled thread.
  void begin(std::uint64_t trial, std::uint64_t seed, strategy& chosen, const execution_limits& limits,
             thread_record* record, schedule_log* log, event_listener* listener) noexcept;
  // The body has returned: lets the other threads run until each has ended or waits for ever, then control ends.
  void end() noexcept;
  // Who is told when an execution cannot go on; without one the process ends with status 70.
  void hand_given_up_to(given_up_handler handler) noexcept { given_up_ = handler; }
  // Who is told of a thread that gets control and has something to see to.
  void hand_resumed_to(resumed_handler handler) noexcept { resumed_ = handler; }
  // What executions from now on leave out; it must outlive them.
  void leave_out(const left_out_calls* calls) noexcept { left_out_ = calls; }
  [[nodiscard]] bool leaves_out_next_call(controlled_thread& self, bool is_free) noexcept;
  // Control ends here and now; the other threads stay where they are, and the process is about to end.
  void abandon() noexcept;
  [[nodiscard]] bool is_active() const noexcept { return control.running != nullptr; }
  // A slot for a thread that self is about to create; nullptr when there are too many. It counts when started() is
  // called, after the engine has it.
  controlled_thread* reserve() noexcept;
  void give_back(controlled_thread& thread) noexcept;
  void prepare(controlled_thread& thread) noexcept { clear(thread); }  // to be started once more
  void started(controlled_thread& self, controlled_thread& fresh, thread_record* record) noexcept;
  // The calling thread will never come to a point again: whoever waits for its end can go on. Chooses who runs next.
  [[nodiscard]] controlled_thread& finished(controlled_thread& self) noexcept;

  // A point: another thread may run before self goes on to do what the event says.
  [[gnu::always_inline]] void point(controlled_thread& self, const event& what) noexcept {
    let_clock_move();
    if (--control.points_left > 0) [[likely]]
      return;
    look(self, what);
  }
  // What a point does when its turn has come: points_left has reached 0. wanted: the lock that self is about to take.
  void look(controlled_thread& self, const event& what, sync_object* wanted = nullptr) noexcept;
  // A point that lets the others go first, if there are any.
  void yield(controlled_thread& self, const event& what) noexcept;

  // Locks. take() returns when self has the object; take_before() false when time ran out first.
  [[gnu::always_inline]] void take(controlled_thread& self, const event& what, sync_object& object) noexcept {
    let_clock_move();
    if (what.what == operation::lock && is_nobodys(object) && control.points_left > 1) [[likely]] {
      --control.points_left;
      object.owner = &self;
      object.depth = 1;
    } else {
      ask_and_take(self, what, object);
    }
  }
  bool take_before(controlled_thread& self, const event& what, sync_object& object, std::uint64_t deadline) noexcept;
  bool try_take(controlled_thread& self, const event& what, sync_object& object) noexcept;
  // It has taken the object without asking; no point.
  void took(controlled_thread& self, const event& what, sync_object& object) noexcept {
    mark_taken(self, what, object);
  }
  // One level; no point.
  [[gnu::always_inline]] void give_up(controlled_thread& self, sync_object& object) noexcept {
    if (object.owner == &self && object.depth == 1 && object.first_waiter == nullptr) [[likely]] {
      object.owner = nullptr;
      object.depth = 0;
    } else {
      give_up_a_level(self, object);
    }
  }

  // Waits in the object's queue until woken; false when time ran out first. No point before it: the caller's
  // last step and the start of the wait are one. Here and below: a signal ends a wait, too, see self.interrupted.
  bool wait(controlled_thread& self, const event& what, sync_object& queue, std::uint64_t deadline = for_ever) noexcept;
  std::uint32_t wake(sync_object& queue, std::uint32_t most) noexcept;
  void wake_thread(controlled_thread& thread) noexcept;
  // Something is due to the thread: it sees to it when it gets control, and if it waits, the wait ends for that.
  void interrupt(controlled_thread& thread) noexcept;
  // Sees to what is due to the thread in control.
  void see_to_due(controlled_thread& self) noexcept {
    if (self.on_resume != 0) [[unlikely]]
      see_to_all(self);
  }
  // The body has returned: its thread does nothing any more.
  [[nodiscard]] bool is_ending() const noexcept { return is_ending_; }
  // How many executions have begun in this process.
  [[nodiscard]] std::uint64_t begun() const noexcept { return begun_; }

  // Waits for what another thread may do without a wake-up, or somebody outside the execution: input, a process's end.
  // Returns when that may have happened, for the caller to look; false when time ran out first.
  // With has_come, of which see controlled_thread, it returns when that says so: as often as schedules repeat.
  bool wait_for_outside(controlled_thread& self, const event& what, std::uint64_t deadline = for_ever,
                        bool (*has_come)(const void*) noexcept = nullptr, const void* awaited = nullptr) noexcept;
  void outside_changed() noexcept;  // somebody may have done it
  // Whether that comes within some time, which is really waited for: for what does not depend on who runs here, so that
  // the machine's pace decides nothing. Not for long where it was in vain before.
  [[nodiscard]] bool comes_soon(bool (*has_come)(const void*) noexcept, const void* awaited) noexcept;
  // A sanitizer's symboliser is a child, too, but tells the target nothing.
  [[nodiscard]] bool may_hear_of_child() const noexcept { return !had_children_ || has_forked_; }
  void outside_came() noexcept { outside_looks_ = 0; }  // it has happened
  // How often a signal from outside interrupted the wait for it: its handler has run.
  [[nodiscard]] std::uint64_t handlers_meanwhile() const noexcept { return handlers_meanwhile_; }

  void sleep_until(controlled_thread& self, const event& what, std::uint64_t deadline) noexcept;

  // The function of a thread has returned. The strategy is asked in any case, because a carried thread has to be handed
  // over here, and both engines must ask at the same points.
  void end_native_function(controlled_thread& self) noexcept;
  // The same for a thread that runs as a carried context: what is left of it is for its own kernel thread. Does not
  // return.
  void end_function(controlled_thread& self) noexcept;
  // Goes on on its own kernel thread; for pthread_exit and what else cannot be carried.
  void go_native(controlled_thread& self, const event& what) noexcept;

  [[nodiscard]] [[gnu::always_inline]] sync_object& object(const void* address) noexcept {
    sync_object* found = objects_.find(address);
    if (found == nullptr) [[unlikely]]
      give_up_execution(ending::too_many_objects);
    return *found;
  }
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept;
  // At each point of synchronisation; not at accesses, whose number differs by compiler.
  [[gnu::always_inline]] void let_clock_move() noexcept { now_ += nanoseconds_a_step; }
  [[nodiscard]] std::uint64_t now() const noexcept { return now_; }  // virtual nanoseconds since the execution began
  // A look at a clock, which is a point: takes a microsecond, and longer when a thread only does that.
  std::uint64_t look_at_clock(controlled_thread& self, const event& what) noexcept;
  [[nodiscard]] std::uint64_t points() const noexcept {
    return passed_ + static_cast<std::uint64_t>(granted_ - control.points_left);
  }
  [[nodiscard]] std::uint64_t switches() const noexcept { return switches_; }
  [[nodiscard]] std::uint32_t thread_count() const noexcept { return count_; }
  [[nodiscard]] controlled_thread& thread(std::uint32_t index) noexcept { return *by_index_[index]; }
  // In the process that runs trials: before the first, and when the target has forked.
  void batch_started() noexcept;
  void forked() noexcept { has_forked_ = true; }
  [[nodiscard]] const execution_limits& limits() const noexcept { return limits_; }
  // It has passed its budget: nothing that a strategy chose was done since.
  [[nodiscard]] bool is_set_aside() const noexcept { return judging_ == judging::by_turns; }
  // What threads did since the execution is being judged.
  [[nodiscard]] const repetition& judged() const noexcept { return judged_; }
  void note(oddity what) noexcept { oddities_ |= static_cast<std::uint32_t>(what); }
  [[nodiscard]] std::uint32_t oddities() const noexcept { return oddities_; }
  // Virtual nanoseconds that some thread was kept from running because a wait ended early; 0: none did.
  [[nodiscard]] std::uint64_t held_up() const noexcept { return held_up_; }
  // Looks at each point from now on; null: nobody does. Ends with the execution.
  void watch(point_watcher* watcher) noexcept;
  // A thread begins an operation that is recorded, and ends it: to be told in which execution it began.
  std::uint64_t operation_begins(const char* name) noexcept;
  void operation_ends(std::uint64_t in_execution) noexcept;
  [[nodiscard]] bool is_in_operation() const noexcept { return operations_ != 0; }
  [[nodiscard]] bool has_had_operations() const noexcept { return has_operations_; }
  void judge_claims_by(progress_judge* judge) noexcept { claims_.judge = judge; }
  // The process was forked by the target: nothing is under control in the new one.
  void forget() noexcept;

 private:
  // Does it go round for ever? The only one that can run; all, by turns, when the budget is spent. Or a claim is tried.
  enum class judging : std::uint8_t { no, alone, by_turns, a_claim };

  void tell_about(controlled_thread& self, const event& what) noexcept;
  void note_progress(controlled_thread& self) noexcept;
  void go_on_watching() noexcept;
  void note_object(controlled_thread& self, const void* object) noexcept;
  void switch_to(controlled_thread& self, controlled_thread& next, sync_object* wanted = nullptr) noexcept;
  controlled_thread& choose(controlled_thread& self, bool can_go_on, bool is_spinning) noexcept;
  template <bool is_unusual>
  controlled_thread& choose_where(controlled_thread& self, bool can_go_on, bool is_spinning) noexcept;
  [[gnu::always_inline]] void grant(std::uint64_t points) noexcept {
    const std::int64_t longest = looks_at_each_ || watches_left_ != 0 ? 1 : longest_grant_;
    // Not beyond the budget either: an execution that spends it ends at the same point however often somebody looked.
    const std::uint64_t left = next_check_ > passed_ ? next_check_ - passed_ : 1;
    const auto now = static_cast<std::int64_t>(std::min({points, left, static_cast<std::uint64_t>(longest)}));
    unasked_ = points - static_cast<std::uint64_t>(now);
    granted_ = control.points_left = now;
  }
  [[gnu::always_inline]] void settle() noexcept {
    const std::int64_t passed = granted_ - control.points_left;
    if (passed > 1) ++writes_;  // somebody may have written where nobody looked
    passed_ += static_cast<std::uint64_t>(passed);
    granted_ = control.points_left = 0;
    if (log_ != nullptr) log_->tell_passed(passed_);
  }
  [[gnu::always_inline]] void make_ready(controlled_thread& thread) noexcept {
    thread.state = standing::ready;
    thread.place_in_ready = ready_count_;
    ready_[ready_count_++] = &thread;
  }
  // While a thread runs: the strategy may want to know.
  void became_ready(controlled_thread& thread) noexcept {
    make_ready(thread);
    if (is_alone_ && ready_count_ > 1) end_alone(points());
    if (asks_for_ready_) ask_at_next_point();
  }
  void ask_at_next_point() noexcept {
    unasked_ = 0;
    if (control.points_left <= 1) return;
    granted_ -= control.points_left - 1;
    control.points_left = 1;
  }
  [[gnu::always_inline]] void make_unready(controlled_thread& thread) noexcept {
    controlled_thread* last = ready_[--ready_count_];
    ready_[thread.place_in_ready] = last;
    last->place_in_ready = thread.place_in_ready;
    thread.state = standing::blocked;
  }
  void see_to_all(controlled_thread& self) noexcept;
  void end_daemons(controlled_thread& self) noexcept;
  void attend_daemon() noexcept;
  controlled_thread& due_daemon() noexcept;
  [[nodiscard]] bool is_only_daemons_time() const noexcept;
  void block(controlled_thread& self, const event& what, sync_object* object, std::uint64_t deadline,
             bool needs_wake) noexcept;
  void end_alone(std::uint64_t at) noexcept {
    is_alone_ = false;
    alone_ += at - alone_since_;
  }
  [[gnu::always_inline]] void note_who_is_alone() noexcept {
    if ((ready_count_ == 1) == is_alone_) [[likely]]
      return;
    if (is_alone_) return end_alone(passed_);
    is_alone_ = true;
    alone_since_ = passed_;
    next_check_ = std::min(next_check_, alone_since_ + most_alone_);
  }
  sync_object& outside_queue() noexcept;
  [[gnu::noinline]] void check_budget() noexcept;
  void start_judging(judging how) noexcept;
  [[gnu::noinline]] void tell_listeners(controlled_thread& self) noexcept;
  void judge(controlled_thread& self) noexcept;
  [[nodiscard]] bool is_each_looked_at() const noexcept;
  void look_at_each() noexcept;
  void draw_claim(controlled_thread& self) noexcept;
  void see_claim(controlled_thread& self) noexcept;
  void start_claim(controlled_thread& self) noexcept;
  void end_claim(progress_result result) noexcept;
  void end_call(controlled_thread& self) noexcept;
  controlled_thread* next_in_claim(const choice& at) noexcept;
  controlled_thread* next_that_runs(const choice& at) noexcept;
  void tell_watcher(controlled_thread& self) noexcept;
  controlled_thread& next_by_turns(const choice& at) noexcept;
  void stop_judging() noexcept;
  [[nodiscard]] bool all_repeat_themselves() noexcept;
  [[nodiscard]] bool is_waited_for(const controlled_thread& thread) noexcept;
  [[nodiscard]] controlled_thread& whose_turn(const choice& at) noexcept;
  controlled_thread* earliest_waiter(bool is_idle_too = true) noexcept;
  bool expire_earliest() noexcept;
  void expire(controlled_thread& thread) noexcept;
  void expire_passed() noexcept;
  void wait_out_idle(controlled_thread& self) noexcept;
  std::uint32_t add_early(const controlled_thread* stepping_back) noexcept;
  void end_early(controlled_thread& thread) noexcept;
  void note_hold_up(const controlled_thread& early) noexcept;
  void tend_time(controlled_thread& self, bool can_go_on) noexcept;
  std::uint64_t oldest_ready(const controlled_thread* also) const noexcept;
  // A yield, a sleep, a poll. Counted, not looked at: the same whatever the strategy looks at.
  void note_round(controlled_thread& self, std::uintptr_t pc) noexcept {
    if (self.round_pc != pc) [[unlikely]] {
      if (self.rounds != 0 && ++self.round_others <= most_other_rounds) return;
      self.round_pc = pc;
      self.rounds = self.quiet_rounds = 0;
    }
    self.round_others = 0;
    ++self.rounds;
    self.quiet_rounds = self.round_stamp == stirs_ ? self.quiet_rounds + 1 : 0;
    self.round_stamp = stirs_;
  }
  void woke_somebody() noexcept {
    if (control.running != nullptr) control.running->rounds = 0;
  }
  [[nodiscard]] bool is_idle(const controlled_thread& thread) const noexcept {
    return thread.rounds >= rounds_of_idle && thread.quiet_rounds >= 2 && thread.round_stamp == stirs_;
  }
  bool look_outside() noexcept;
  void really_wait() noexcept;  // a millisecond
  bool soon(bool (*has_come)(const void*) noexcept, const void* awaited) noexcept;
  static bool may_look(const controlled_thread& waiter) noexcept {
    return waiter.has_come == nullptr || waiter.has_come(waiter.awaited);
  }
  void let_time_pass(controlled_thread& self) noexcept;
  bool comes_early(std::uint64_t deadline) noexcept;
  static bool is_nobodys(const sync_object& object) noexcept {
    return object.owner == nullptr && object.sharers == 0 && object.first_waiter == nullptr;
  }
  void ask_and_take(controlled_thread& self, const event& what, sync_object& object) noexcept;
  void give_up_a_level(controlled_thread& self, sync_object& object) noexcept;
  void mark_taken(controlled_thread& self, const event& what, sync_object& object) noexcept;
  void clear(controlled_thread& thread) noexcept;
  bool is_spinning(controlled_thread& self) noexcept;
  bool seems_to_spin(controlled_thread& self) noexcept;
  void forget_wait(controlled_thread& thread) noexcept;
  void leave_robust_locks(controlled_thread& self) noexcept;
  [[noreturn]] void give_up_execution(ending how) noexcept;

  static constexpr std::uint64_t longest_grant = 512;            // then see whether the thread spins
  static constexpr std::uint64_t longest_on_few_objects = 8192;  // points
  static constexpr std::uint64_t all_on_few_objects = 200'000;   // points: then it waits for time to pass
  static constexpr std::uint32_t rounds_of_idle = 1'024;         // so many in a row: it waits, and does nothing else
  static constexpr std::uint32_t most_other_rounds = 8;          // and is still the same loop
  static constexpr std::uint64_t alone_for_one = 10;             // points alone that count as one of the budget
  static constexpr std::uint64_t points_alone = 2;               // times the budget: then a thread is judged
  static constexpr std::uint64_t first_verdict = 8'192, last_verdict = 1u << 18;  // steps of all threads
  static constexpr std::uint32_t points_a_turn = 8;                               // while it is judged
  static constexpr std::uint32_t watch_length = 64;                 // so many events in a row that only read: it spins
  static constexpr std::uint32_t longest_watch = 4 * watch_length;  // with what it notes for itself among them

  strategy* strategy_ = nullptr;
  schedule_log* log_ = nullptr;
  event_listener* listener_ = nullptr;
  const left_out_calls* left_out_ = nullptr;
  point_watcher* watcher_ = nullptr;
  std::uint64_t operations_ = 0;  // in flight, as far as they are recorded
  bool has_operations_ = false;   // has had any
  claim_trial claims_;
  execution_limits limits_;
  std::uint64_t passed_ = 0;  // points before the present grant
  std::int64_t granted_ = 0;
  std::int64_t longest_grant_ = 1;
  std::uint64_t next_check_ = 0;   // of the budget: points
  std::uint64_t alone_ = 0;        // points passed while nobody else could run, before
  std::uint64_t alone_since_ = 0;  // the present time alone
  std::uint64_t most_alone_ = 0;   // then it is judged
  bool is_alone_ = false;
  judging judging_ = judging::no;
  bool looks_at_each_ = false;  // point: for a listener, or because it is being judged
  std::uint64_t judged_steps_ = 0, next_verdict_ = 0;
  std::uint32_t turn_ = 0;  // points in a row of the one whose turn it is, while it is judged
  repetition judged_;
  bool asks_for_ready_ = false;  // the strategy is to be asked when a thread becomes ready
  std::uint64_t unasked_ = 0;    // points that the strategy granted beyond the present grant
  std::uint64_t switches_ = 0;
  std::uint64_t now_ = 0;
  std::uint64_t writes_ = 0;        // grows whenever somebody may have changed something
  std::uint64_t last_write_ = 0;    // point of the latest
  std::uint32_t watches_left_ = 0;  // points still to be looked at only to see whether the thread spins
  std::uint64_t watch_stamp_ = 0;   // writes_ when that began
  std::uint64_t looks_in_row_ = 0;  // at a clock, with next to nothing between them
  std::uint64_t last_look_ = 0;     // point of the latest
  static constexpr std::uint32_t most_patience = 256;
  std::uint32_t outside_looks_ = 0;
  std::uint32_t patience_ = most_patience;  // looks for what comes soon
  std::uint64_t handlers_meanwhile_ = 0;
  bool had_children_ = false;  // processes that were there before the first trial
  bool has_forked_ = false;
  std::uint32_t expiries_ = 0;         // time-outs while the execution was ending
  std::uint64_t most_on_few_ = 0;      // points that a thread may spend on few objects before others go first
  std::uint32_t timed_ = 0;            // threads that wait with a deadline
  std::uint32_t due_daemons_ = 0;      // that are ready, and go first
  std::uint32_t outside_waiting_ = 0;  // threads that wait for what comes from outside
  std::uint64_t stirs_ = 0;            // changes when a thread that is not idle had its turn
  std::uint64_t held_up_ = 0;
  std::uint64_t oldest_ = 0;  // since when somebody is kept from running, by the latest add_early()
  std::uint32_t oddities_ = 0;
  std::uint32_t ready_count_ = 0;
  std::uint32_t count_ = 0;
  bool is_ending_ = false;
  bool repeats_ = false;  // the strategy says who spins
  bool may_end_any_wait_ = false;
  std::uint32_t first_free_ = 0;
  given_up_handler given_up_ = nullptr;
  resumed_handler resumed_ = nullptr;
  std::uint64_t begun_ = 0;
  controlled_thread* body_ = nullptr;
  controlled_thread* ready_[most_threads] = {};
  controlled_thread* by_index_[most_threads] = {};
  controlled_thread* slots_ = nullptr;
  sync_objects objects_;
};

// The process's one. A reference without a call: every point asks for it.
extern execution only_execution;
[[nodiscard]] [[gnu::always_inline]] inline execution& the_execution() noexcept { return only_execution; }

}  // namespace ravel::detail
