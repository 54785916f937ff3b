// SPDX-License-Identifier: MIT
// The part of execution.hpp where threads wait and are woken: locks, queues and time. What comes from outside of the
// execution: outside.cpp.
#include "execution.hpp"

#include "spinning.hpp"

#include <ravel/tools.hpp>

#include <algorithm>

namespace ravel::detail {

namespace {

constexpr std::uint32_t most_early_ends = 16;  // of a timer's waits

}  // namespace

controlled_thread* execution::earliest_waiter(bool is_idle_too) noexcept {
  controlled_thread* earliest = nullptr;
  for (std::uint32_t i = 0; i < count_; ++i)
    if (by_index_[i]->state == standing::blocked && by_index_[i]->has_deadline &&
        (earliest == nullptr || by_index_[i]->deadline < earliest->deadline) &&
        (is_idle_too || !is_idle(*by_index_[i])))
      earliest = by_index_[i];
  return earliest;
}

void execution::expire(controlled_thread& thread) noexcept {
  now_ = std::max(now_, thread.deadline);
  thread.ran_at = thread.deadline;
  forget_wait(thread);
  thread.timed_out = true;
  if (thread.is_daemon) attend_daemon();
}

bool execution::expire_earliest() noexcept {
  controlled_thread* earliest = earliest_waiter();
  if (earliest == nullptr) return false;
  expire(*earliest);
  became_ready(*earliest);
  return true;
}

// Where somebody waits for a time or the world outside: at each choice.
void execution::tend_time(controlled_thread& self, bool can_go_on) noexcept {
  if (self.rounds < rounds_of_idle) ++stirs_;
  expire_passed();
  if (!can_go_on && is_idle(self)) wait_out_idle(self);
}

// Whose time has come can run, whether or not others can.
void execution::expire_passed() noexcept {
  for (std::uint32_t i = 0; i < count_; ++i)
    if (by_index_[i]->state == standing::blocked && by_index_[i]->has_deadline && by_index_[i]->deadline <= now_) {
      expire(*by_index_[i]);
      became_ready(*by_index_[i]);
    }
}

// self yields, sleeps or polls, round after round, and so do all others that can run: a daemon's loop, which keeps
// nobody asleep. Who waits for a time next, and is no such daemon, has waited long enough; else for what comes from
// outside.
void execution::wait_out_idle(controlled_thread& self) noexcept {
  for (std::uint32_t i = 0; i < ready_count_; ++i)
    if (ready_[i] != &self && !is_idle(*ready_[i])) return;
  controlled_thread* earliest = earliest_waiter(false);
  if (earliest == nullptr && outside_waiting_ != 0) static_cast<void>(look_outside());
  if (earliest == nullptr || earliest == &self) return;
  expire(*earliest);
  became_ready(*earliest);
  expire_passed();
}

// Since when the longest kept of those that can run has been kept from it, in virtual time.
std::uint64_t execution::oldest_ready(const controlled_thread* also) const noexcept {
  std::uint64_t oldest = for_ever;
  for (std::uint32_t i = 0; i < ready_count_; ++i)
    if (!is_idle(*ready_[i])) oldest = std::min(oldest, ready_[i]->ran_at);
  if (also != nullptr && !is_idle(*also)) oldest = std::min(oldest, also->ran_at);
  return oldest;
}

// Behind those that are ready: whose wait may end now, although others can run. The clock then jumps to their deadline,
// which must keep nobody from running for longer than a machine holds a thread up; nor who would have been woken
// before.
std::uint32_t execution::add_early(const controlled_thread* stepping_back) noexcept {
  oldest_ = oldest_ready(stepping_back);
  for (std::uint32_t i = 0; i < count_; ++i)
    if (by_index_[i]->state == standing::blocked && by_index_[i]->has_deadline && !is_idle(*by_index_[i]))
      oldest_ = std::min(oldest_, by_index_[i]->deadline);
  const std::uint64_t latest = oldest_ > for_ever - limits_.hold_up ? for_ever : oldest_ + limits_.hold_up;
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    controlled_thread& one = *by_index_[i];
    if (one.state != standing::blocked || !one.has_deadline) continue;
    // A machine is not held up before each step, else a timer's handlers would be all that a thread ever does.
    if (one.is_daemon && one.early_ends >= most_early_ends && !may_end_any_wait_) continue;
    if (may_end_any_wait_ || (one.deadline <= latest && limits_.hold_up != 0)) ready_[ready_count_ + count++] = &one;
  }
  return count;
}

void execution::note_hold_up(const controlled_thread& early) noexcept {
  held_up_ = std::max(held_up_, early.deadline - std::min(oldest_, early.deadline));
}

void execution::end_early(controlled_thread& thread) noexcept {
  ++thread.early_ends;
  expire(thread);
  make_ready(thread);
}

// A thread spins, and so do all others that could run: what they wait for is a time-out.
void execution::let_time_pass(controlled_thread& self) noexcept {
  for (std::uint32_t i = 0; i < ready_count_; ++i)
    if (ready_[i] != &self && ready_[i]->spun_at != writes_) return;
  const controlled_thread* earliest = earliest_waiter();
  if (log_ != nullptr && earliest != nullptr) log_->add(passed_, earliest->index, decision_kind::time_passed);
  expire_earliest();
}

// Who does little but look at the clock waits for a time to come: it comes ever faster, up to a second a look; but not
// so that others are kept from running for long, who then go first.
std::uint64_t execution::look_at_clock(controlled_thread& self, const event& what) noexcept {
  constexpr std::uint64_t next_to_nothing = 256, shortest = 1'000;  // points; nanoseconds
  const std::uint64_t here = points();
  looks_in_row_ = here - last_look_ <= next_to_nothing ? looks_in_row_ + 1 : 0;
  last_look_ = here;
  std::uint64_t step = shortest << std::min<std::uint64_t>(looks_in_row_ / 32, 20);
  bool is_held_back = false;
  if (step > shortest && ready_count_ > 1) {
    std::uint64_t oldest = for_ever;
    for (std::uint32_t i = 0; i < ready_count_; ++i)
      if (ready_[i] != &self && !is_idle(*ready_[i])) oldest = std::min(oldest, ready_[i]->ran_at);
    is_held_back = oldest != for_ever && now_ + step > oldest + limits_.hold_up;
  }
  if (is_held_back) {
    step = shortest;
    yield(self, what);
  } else {
    point(self, what);
  }
  return now_ += step;
}

// The kernel's part in a timer is not held up as a thread may be: whoever looks after it has fired sees that.
void execution::attend_daemon() noexcept {
  ++due_daemons_;
  unasked_ = 0;
  if (control.points_left <= 1) return;
  granted_ -= control.points_left - 1;
  control.points_left = 1;
}

controlled_thread& execution::due_daemon() noexcept {
  --due_daemons_;
  std::uint32_t i = 0;
  while (!ready_[i]->is_daemon) ++i;
  controlled_thread& daemon = *ready_[i];
  note_who_is_alone();
  asks_for_ready_ = false;
  grant(1);
  return daemon;
}

void execution::mark_taken(controlled_thread& self, const event& what, sync_object& object) noexcept {
  if (what.what == operation::lock_shared) {
    ++object.sharers;
  } else {
    object.owner = &self;
    object.depth = 1;
  }
  for (controlled_thread* one = object.first_waiter; one != nullptr; one = one->next_waiter)
    if (one->state == standing::ready && !object.is_free_for(one->pending.what)) make_unready(*one);
}

void execution::ask_and_take(controlled_thread& self, const event& what, sync_object& object) noexcept {
  if (object.is_free_for(what.what)) {
    if (--control.points_left <= 0) look(self, what, &object);
  } else {
    --control.points_left;
    settle();
    tell_about(self, what);
  }
  while (!object.is_free_for(what.what)) block(self, what, &object, for_ever, false);
  mark_taken(self, what, object);
}

// A time-out that is longer than anybody is held up, and comes nevertheless.
bool execution::comes_early(std::uint64_t deadline) noexcept {
  if (!limits_.has_early_timeouts || pick(8) != 1) return false;
  note(oddity::early_timeout);
  now_ = std::max(now_, deadline);  // whoever then looks at the clock would wait again
  return true;
}

bool execution::take_before(controlled_thread& self, const event& what, sync_object& object,
                            std::uint64_t deadline) noexcept {
  let_clock_move();
  if (--control.points_left <= 0) look(self, what, &object);
  // Who can have it at once is never refused (POSIX).
  if (!object.is_free_for(what.what) && comes_early(deadline)) return false;
  while (!object.is_free_for(what.what)) {
    if (deadline <= now_) return false;
    note_round(self, what.pc);
    block(self, what, &object, deadline, false);
    if (self.timed_out) return false;
  }
  mark_taken(self, what, object);
  return true;
}

bool execution::try_take(controlled_thread& self, const event& what, sync_object& object) noexcept {
  let_clock_move();
  if (--control.points_left <= 0) look(self, what);
  const operation as = what.what == operation::lock_shared ? operation::lock_shared : operation::lock;
  if (!object.is_free_for(as)) {
    note_round(self, what.pc);
    return false;
  }
  if (limits_.has_failing_tries && pick(4) == 1) {
    note(oddity::failing_try);
    return false;
  }
  mark_taken(self, {as, 0, what.object, what.pc}, object);
  return true;
}

void execution::give_up_a_level(controlled_thread& self, sync_object& object) noexcept {
  if (object.owner != nullptr) {  // also by a stranger: the real lock then says what comes of it
    if (object.depth > 1 && object.owner == &self) {
      --object.depth;
      return;
    }
    object.owner = nullptr;
    object.depth = 0;
  } else if (object.sharers != 0) {
    --object.sharers;
  }
  for (controlled_thread* one = object.first_waiter; one != nullptr; one = one->next_waiter)
    if (one->state == standing::blocked && !one->is_waiting_for_wake && object.is_free_for(one->pending.what)) {
      woke_somebody();
      became_ready(*one);
    }
}

// The kernel marks them when the thread's own kernel thread ends; the next owner's real call waits for that.
void execution::leave_robust_locks(controlled_thread& self) noexcept {
  objects_.each([&](sync_object& object) {
    if (object.owner != &self || !object.is_robust) return;
    tool_release(object.address);  // TSan knows of no edge from an owner that ended to the next
    object.depth = 1;
    object.is_owner_dead = true;
    give_up_a_level(self, object);
  });
}

bool execution::wait(controlled_thread& self, const event& what, sync_object& queue, std::uint64_t deadline) noexcept {
  self.interrupted = interruption::none;
  if (what.what == operation::wait && limits_.has_spurious_wakeups && pick(8) == 1) {
    note(oddity::spurious_wakeup);
    yield(self, what);
    return true;
  }
  if (deadline != for_ever && comes_early(deadline)) {
    point(self, what);
    return false;
  }
  if (deadline != for_ever) note_round(self, what.pc);
  block(self, what, &queue, deadline, true);
  return !self.timed_out;
}

std::uint32_t execution::wake(sync_object& queue, std::uint32_t most) noexcept {
  std::uint32_t waiting = 0, woken = 0;
  for (controlled_thread* one = queue.first_waiter; one != nullptr; one = one->next_waiter)
    waiting += one->is_waiting_for_wake ? 1 : 0;
  for (; waiting != 0 && woken < most; --waiting, ++woken) {
    std::uint32_t which = most < waiting + woken ? pick(waiting) : 0;
    controlled_thread* one = queue.first_waiter;
    while (!one->is_waiting_for_wake || which-- != 0) one = one->next_waiter;
    wake_thread(*one);
  }
  return woken;
}

void execution::wake_thread(controlled_thread& thread) noexcept {
  forget_wait(thread);
  thread.timed_out = false;
  if (thread.is_daemon) attend_daemon();
  woke_somebody();
  became_ready(thread);
}

void execution::interrupt(controlled_thread& thread) noexcept {
  thread.on_resume |= has_signals;
  if (thread.state != standing::blocked || (is_ending_ && thread.index == 0)) return;
  wake_thread(thread);
  thread.was_interrupted = true;
}

// What the thread was about to do stays as it was: handlers wait, too.
void execution::see_to_all(controlled_thread& self) noexcept {
  const bool timed_out = self.timed_out, was_interrupted = self.was_interrupted;
  const event pending = self.pending;
  bool (*const has_come)(const void*) noexcept = self.has_come;
  const void* const awaited = self.awaited;
  const interruption how = resumed_ == nullptr ? interruption::idle : resumed_(self);
  self.timed_out = timed_out;
  self.was_interrupted = false;
  self.interrupted = was_interrupted ? how : interruption::none;
  self.pending = pending;
  self.has_come = has_come;
  self.awaited = awaited;
}

void execution::sleep_until(controlled_thread& self, const event& what, std::uint64_t deadline) noexcept {
  self.interrupted = interruption::none;
  if (deadline <= now_) return yield(self, what);
  --control.points_left;
  settle();
  if (passed_ >= next_check_) check_budget();
  tell_about(self, what);
  note_round(self, what.pc);
  block(self, what, nullptr, deadline, true);
}

}  // namespace ravel::detail
