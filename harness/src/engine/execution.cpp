// SPDX-License-Identifier: MIT
// See execution.hpp. The order of ready_ follows from the events alone, so that equal choices give equal schedules on
// both engines.
#include "execution.hpp"

#include "base/process_end.hpp"
#include "spinning.hpp"

#include <ravel/finding.hpp>

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>

namespace ravel::detail {

namespace {

constexpr std::uint64_t fewest_looks = 64;      // until the point budget is spent
constexpr std::uint32_t most_expiries = 1'000;  // of timers after the body has returned: a daemon's period, not an end

}  // namespace

constinit execution only_execution;

void execution::clear(controlled_thread& thread) noexcept {
  thread.state = standing::unused;
  thread.timed_out = thread.has_deadline = thread.is_waiting_for_wake = false;
  thread.pending = {operation::start, 0, nullptr, 0};
  thread.watched = thread.pending;
  thread.waits_on = nullptr;
  thread.next_waiter = thread.previous_waiter = nullptr;
  thread.children = thread.optional_calls = 0;
  thread.few_count = 0;
  thread.few_points = thread.few_since = 0;
  thread.keeps_notes = thread.holds_robust = false;
  thread.events = thread.reads_in_row = thread.write_stamp = thread.spun_at = 0;
  thread.looks = 0;
  thread.looked_after = 0;
  thread.ran_at = now_;
  thread.rounds = thread.quiet_rounds = thread.round_others = 0;
  thread.round_pc = 0;
  thread.round_stamp = 0;
  thread.on_resume = 0;
  thread.was_interrupted = thread.knows_mask = thread.is_daemon = thread.is_dismissed = false;
  thread.early_ends = 0;
  thread.interrupted = interruption::none;
  thread.is_cancelled = thread.is_never_cancelled = thread.is_cancelled_anywhere = thread.is_in_cancellation_point =
      false;
  thread.pending_signals = thread.awaited_signals = 0;
  thread.handler_depth = thread.handlers_run = 0;
  thread.signal_stack = nullptr;
  thread.signal_stack_size = 0;
  thread.call = {};
  for (std::uint64_t& word : thread.strategy_word) word = 0;
}

controlled_thread* execution::reserve() noexcept {
  if (slots_ == nullptr) {
    void* memory = mmap(nullptr, sizeof(controlled_thread) * most_threads, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    slots_ = static_cast<controlled_thread*>(memory);
  }
  for (std::uint32_t slot = first_free_; slot < most_threads; ++slot)
    if (!slots_[slot].is_reserved) {
      slots_[slot].is_reserved = true;
      slots_[slot].is_pooled = false;
      slots_[slot].is_parked.store(0, std::memory_order_relaxed);  // relaxed: its thread does not exist yet
      clear(slots_[slot]);
      first_free_ = slot + 1;
      return &slots_[slot];
    }
  return nullptr;
}

void execution::give_back(controlled_thread& thread) noexcept {
  thread.is_reserved = false;
  const auto slot = static_cast<std::uint32_t>(&thread - slots_);
  if (slot < first_free_) first_free_ = slot;
}

void execution::begin(std::uint64_t trial, std::uint64_t seed, strategy& chosen, const execution_limits& limits,
                      thread_record* record, schedule_log* log, event_listener* listener) noexcept {
  ++begun_;
  if (body_ == nullptr) body_ = reserve();
  controlled_thread& self = *body_;
  clear(self);
  the_engine().adopt_caller(self);
  strategy_ = &chosen;
  limits_ = limits;
  longest_grant_ = static_cast<std::int64_t>(std::clamp<std::uint64_t>(limits.points / fewest_looks, 1, longest_grant));
  log_ = log;
  listener_ = listener;
  if (log_ != nullptr) log_->start(trial);
  passed_ = switches_ = writes_ = last_write_ = 0;
  next_check_ = limits.points;
  alone_ = alone_since_ = 0;
  most_alone_ = points_alone * limits.points;
  is_alone_ = false;
  judging_ = judging::no;
  watcher_ = nullptr;
  operations_ = 0;
  has_operations_ = false;
  claims_.forget();
  looks_at_each_ = listener != nullptr;
  looks_in_row_ = last_look_ = 0;
  outside_looks_ = 0;
  watches_left_ = expiries_ = oddities_ = 0;
  watch_stamp_ = 0;
  most_on_few_ = longest_on_few_objects;
  is_ending_ = asks_for_ready_ = false;
  repeats_ = chosen.repeats();
  may_end_any_wait_ = chosen.may_end_any_wait();
  stirs_ = held_up_ = 0;
  ready_count_ = 0;
  self.index = 0;
  self.parent = self.nth_child = 0;
  self.path = path_of_body;
  self.record = record;
  strategy_->start(seed, trial);
  // Threads that earlier executions left behind, such as a pool's, are still there; they wait.
  std::uint32_t kept = 1;
  if (count_ == 0) objects_.forget_all();
  for (std::uint32_t i = 1; i < count_; ++i) {
    if (by_index_[i]->state == standing::done) {
      if (!by_index_[i]->is_pooled) give_back(*by_index_[i]);
      continue;
    }
    by_index_[kept] = by_index_[i];
    by_index_[kept]->index = kept;
    ++kept;
  }
  by_index_[0] = &self;
  count_ = kept;
  if (kept == 1) {
    objects_.forget_all();
    timed_ = outside_waiting_ = due_daemons_ = 0;
    now_ = 0;
  }
  self.ran_at = now_;
  strategy_->thread_created(self, self);
  make_ready(self);
  for (std::uint32_t i = 1; i < count_; ++i) {
    strategy_->thread_created(self, *by_index_[i]);
    by_index_[i]->ran_at = now_;
    by_index_[i]->rounds = 0;
    if (by_index_[i]->state == standing::ready) make_ready(*by_index_[i]);
  }
  grant(1);
  control.running = &self;
}

void execution::end() noexcept {
  controlled_thread& self = *by_index_[0];
  is_ending_ = true;
  bool is_anybody_left = false;
  for (std::uint32_t i = 1; i < count_; ++i) is_anybody_left = is_anybody_left || by_index_[i]->state != standing::done;
  if (is_anybody_left) block(self, {operation::join, 0, nullptr, 0}, nullptr, for_ever, true);
  end_daemons(self);
  abandon();
}

// The others have ended, or wait for ever.
void execution::end_daemons(controlled_thread& self) noexcept {
  bool is_any = false;
  for (std::uint32_t i = 1; i < count_; ++i) {
    controlled_thread& one = *by_index_[i];
    if (!one.is_daemon || one.state == standing::done) continue;
    is_any = one.is_dismissed = true;
    if (one.state == standing::blocked) wake_thread(one);
  }
  if (is_any) block(self, {operation::join, 0, nullptr, 0}, nullptr, for_ever, true);
}

bool execution::is_only_daemons_time() const noexcept {
  for (std::uint32_t i = 1; i < count_; ++i)
    if (by_index_[i]->state == standing::blocked && by_index_[i]->has_deadline && !by_index_[i]->is_daemon)
      return false;
  return true;
}

void execution::abandon() noexcept {
  settle();
  strategy_->ended(ending::finished, passed_);
  control.running = nullptr;
}

void execution::forget() noexcept {
  control.running = nullptr;
  count_ = 0;
}

void execution::started(controlled_thread& self, controlled_thread& fresh, thread_record* record) noexcept {
  fresh.index = count_;
  by_index_[count_++] = &fresh;
  fresh.parent = self.index;
  fresh.nth_child = ++self.children;
  fresh.path = mix(self.path, fresh.nth_child);
  fresh.record = record;
  fresh.knows_mask = self.knows_mask;
  fresh.blocked_signals = self.blocked_signals;
  fresh.on_resume = self.on_resume & (has_own_mask | has_own_stack);
  fresh.call.runs = self.call.runs;
  strategy_->thread_created(self, fresh);
  woke_somebody();
  became_ready(fresh);
  if (fresh.is_daemon) attend_daemon();
}

controlled_thread& execution::finished(controlled_thread& self) noexcept {
  settle();
  make_unready(self);
  self.state = standing::done;
  if (self.holds_robust) leave_robust_locks(self);
  wake(object(&self), ~0u);
  return choose(self, false, false);
}

void execution::look(controlled_thread& self, const event& what, sync_object* wanted) noexcept {
  settle();
  if (passed_ >= next_check_) check_budget();
  tell_about(self, what);
  const bool spins = is_spinning(self);
  if (unasked_ != 0 && !spins) {
    // The strategy does not want to be asked yet. Does this thread wait for something that nobody else can do?
    go_on_watching();
    return grant(unasked_);
  }
  // While nobody writes each event counts: when one spins, do the others, too?
  watches_left_ = !repeats_ && (self.reads_in_row != 0 || spins) ? 2 * watch_length : 0;
  watch_stamp_ = writes_;
  switch_to(self, choose(self, !spins, spins), wanted);
}

void execution::yield(controlled_thread& self, const event& what) noexcept {
  let_clock_move();
  --control.points_left;
  settle();
  if (passed_ >= next_check_) check_budget();
  tell_about(self, what);
  note_round(self, what.pc);
  watches_left_ = repeats_ ? 0 : 2 * watch_length;  // does it yield because it waits for something?
  watch_stamp_ = writes_;
  switch_to(self, choose(self, false, is_spinning(self)));
}

// wanted: the lock that self is about to take; whoever takes it meanwhile holds self up.
void execution::switch_to(controlled_thread& self, controlled_thread& next, sync_object* wanted) noexcept {
  if (&next == &self) return;
  if (wanted != nullptr) wanted->add(self);
  ++switches_;
  if (listener_ != nullptr) listener_->switched(self, next, passed_);
  the_engine().hand_over(self, next);
  if (self.waits_on != nullptr) self.waits_on->remove(self);
  see_to_due(self);
}

controlled_thread& execution::choose(controlled_thread& self, bool can_go_on, bool is_spinning) noexcept {
  if ((timed_ | outside_waiting_ | due_daemons_) == 0 && judging_ < judging::by_turns) [[likely]]
    return choose_where<false>(self, can_go_on, is_spinning);
  return choose_where<true>(self, can_go_on, is_spinning);
}

// is_unusual: somebody waits for a time or for the world outside, or the execution is being judged.
template <bool is_unusual>
controlled_thread& execution::choose_where(controlled_thread& self, bool can_go_on, bool is_spinning) noexcept {
  self.ran_at = now_;
  if (is_unusual) tend_time(self, can_go_on);
  // Who yields, or spins, comes after the others; if there are none, it goes on.
  const bool steps_back = !can_go_on && self.state == standing::ready && ready_count_ > 1;
  if (steps_back) make_unready(self);
  while (ready_count_ == 0) {
    if (is_ending_ && (timed_ == 0 || is_only_daemons_time() || ++expiries_ > most_expiries)) {
      forget_wait(*by_index_[0]);
      make_ready(*by_index_[0]);
    } else if (!expire_earliest() && !look_outside()) {
      give_up_execution(ending::stuck);
    }
  }
  if (is_unusual && due_daemons_ != 0) {
    if (steps_back) make_ready(self);
    return due_daemon();
  }
  const bool is_ready = self.state == standing::ready && !steps_back;
  if (is_unusual && judging_ >= judging::by_turns) {
    const choice at{ready_, ready_count_, &self, is_ready, steps_back, is_spinning, passed_};
    if (judging_ == judging::by_turns) return next_by_turns(at);
    if (controlled_thread* next = next_in_claim(at)) return *next;
  }
  const std::uint32_t early = is_unusual && timed_ != 0 ? add_early(steps_back ? &self : nullptr) : 0;
  const choice at{ready_, ready_count_ + early, &self, is_ready, steps_back, is_spinning, passed_, early};
  const decision made = strategy_->choose(at);
  if (log_ != nullptr && (!is_ready || made.next != &self))
    log_->add(passed_, made.next->index,
              is_ready     ? decision_kind::at_point
              : steps_back ? decision_kind::stepped_back
                           : decision_kind::forced);
  const bool is_early = is_unusual && early != 0 && made.next->state == standing::blocked;
  if (is_early) note_hold_up(*made.next);
  if (listener_ != nullptr) listener_->chose(at, *made.next);
  if (steps_back) make_ready(self);
  if (is_early) {
    end_early(*made.next);
    if (made.next->is_daemon) --due_daemons_;
    expire_passed();
    if (due_daemons_ != 0) return due_daemon();  // whose time came before
  }
  note_who_is_alone();
  if (made.next != &self) {
    self.few_points += passed_ - self.few_since;
    made.next->few_since = passed_;
  }
  asks_for_ready_ = made.is_until_another_is_ready;
  grant(made.points);
  return *made.next;
}

std::uint32_t execution::pick(std::uint32_t count) noexcept {
  if (count < 2) return 0;
  const std::uint32_t picked = strategy_->pick(count);
  if (log_ != nullptr) log_->add(points(), picked, decision_kind::pick);
  if (listener_ != nullptr) listener_->picked(picked, count, points());
  return picked;
}

void execution::block(controlled_thread& self, const event& what, sync_object* object, std::uint64_t deadline,
                      bool needs_wake) noexcept {
  self.timed_out = self.was_interrupted = false;
  self.interrupted = interruption::none;
  if (self.is_cancelled && self.is_in_cancellation_point && self.is_to_end()) {
    self.interrupted = interruption::fails;
    return;
  }
  settle();
  self.pending = self.watched = what;
  make_unready(self);
  self.is_waiting_for_wake = needs_wake;
  self.has_deadline = deadline != for_ever;
  self.deadline = deadline;
  if (self.has_deadline) {
    ++timed_;
    self.reads_in_row = 0;  // it waits, and so lets time pass by itself: see is_idle()
  }
  if (object != nullptr) object->add(self);
  controlled_thread& next = choose(self, false, false);
  if (&next == &self) return;  // its own time-out, or the end
  ++switches_;
  if (listener_ != nullptr) listener_->switched(self, next, passed_);
  the_engine().hand_over(self, next);
  forget_wait(self);
  see_to_due(self);
}

void execution::forget_wait(controlled_thread& thread) noexcept {
  if (thread.waits_on != nullptr) thread.waits_on->remove(thread);
  if (thread.has_deadline) --timed_;
  thread.has_deadline = thread.is_waiting_for_wake = false;
}

void execution::go_native(controlled_thread& self, const event& what) noexcept {
  --control.points_left;
  settle();
  tell_about(self, what);
  controlled_thread& next = choose(self, true, false);
  if (&next != &self) ++switches_;
  if (listener_ != nullptr && &next != &self) listener_->switched(self, next, passed_);
  the_engine().go_native(self, next);
  see_to_due(self);
}

void execution::end_native_function(controlled_thread& self) noexcept {
  --control.points_left;
  settle();
  tell_about(self, {operation::exit, 0, nullptr, 0});
  switch_to(self, choose(self, true, false));
}

void execution::end_function(controlled_thread& self) noexcept {
  --control.points_left;
  settle();
  tell_about(self, {operation::exit, 0, nullptr, 0});
  controlled_thread& next = choose(self, true, false);
  if (&next != &self) ++switches_;
  if (listener_ != nullptr && &next != &self) listener_->switched(self, next, passed_);
  if (self.is_carried) the_engine().leave_to_native(self, next);
  // It went native on the way: its kernel thread is here, and has to get back to where it was parked.
  if (&next != &self) the_engine().hand_over(self, next);
  the_engine().return_to_park(self);
}

void execution::give_up_execution(ending how) noexcept {
  settle();
  strategy_->ended(how, passed_);
  if (given_up_ != nullptr) given_up_(*this, how);
  end_process(70);  // nobody to tell: cannot be, because executions belong to runs
}

}  // namespace ravel::detail
