// SPDX-License-Identifier: MIT
// The part of execution.hpp that decides whether an execution that has passed its budget goes round for ever. Its
// threads take turns, so that none is kept back, and each of their steps is noted (repetition.hpp): when each does the
// same over and over, and those that are blocked stay so, nothing can change any more. Else it may be finite, and the
// question stays open. What a thread passes while nobody else can run counts little; it is judged now and then
// meanwhile.
#include "execution.hpp"

namespace ravel::detail {

void execution::check_budget() noexcept {
  if (judging_ == judging::by_turns) return;
  const std::uint64_t here_alone = is_alone_ ? passed_ - alone_since_ : 0;
  const std::uint64_t all_alone = alone_ + here_alone;
  const std::uint64_t counted = passed_ - all_alone + all_alone / alone_for_one;
  if (counted >= limits_.points) return start_judging(judging::by_turns);
  next_check_ = passed_ + (limits_.points - counted);
  if (!is_alone_) return;
  if (here_alone >= most_alone_) {
    most_alone_ = 2 * here_alone;
    if (judging_ == judging::no) start_judging(judging::alone);
  }
  next_check_ = std::min(next_check_, alone_since_ + most_alone_);
}

void execution::start_judging(judging how) noexcept {
  if (claims_.claim != nullptr) end_claim(progress_result::open);
  if (!judged_.start(false)) {
    if (how == judging::by_turns) give_up_execution(ending::over_budget);
    return;
  }
  judging_ = how;
  looks_at_each_ = true;
  judged_steps_ = turn_ = 0;
  next_verdict_ = first_verdict;
  if (how != judging::by_turns) return;
  next_check_ = ~std::uint64_t{0};
  unasked_ = 0;
  strategy_->set_aside();
}

void execution::stop_judging() noexcept {
  judging_ = judging::no;
  looks_at_each_ = is_each_looked_at();
}

void execution::tell_listeners(controlled_thread& self) noexcept {
  if (judging_ == judging::alone || judging_ == judging::by_turns) judge(self);
  if (claims_.armed != 0 || claims_.claim != nullptr) see_claim(self);
  if (listener_ != nullptr) listener_->about_to(self, passed_);
  if (watcher_ != nullptr) tell_watcher(self);
}

void execution::judge(controlled_thread& self) noexcept {
  if (judging_ == judging::alone && !is_alone_) return stop_judging();
  judged_.note(self);
  if (++judged_steps_ < next_verdict_) return;
  const bool do_all = all_repeat_themselves();
  if (do_all && judged_.is_thorough()) give_up_execution(ending::livelock);
  if (do_all && judged_.start(true)) {  // so it seems: once more, with what only they know
    judged_steps_ = 0;
    next_verdict_ = first_verdict;
    return;
  }
  next_verdict_ *= 2;
  if (!judged_.is_thorough() && next_verdict_ <= std::min(last_verdict, 4 * std::max(limits_.points, first_verdict)))
    return;
  if (judging_ == judging::by_turns) give_up_execution(ending::over_budget);
  stop_judging();
}

bool execution::all_repeat_themselves() noexcept {
  const sync_object* from_outside = &outside_queue();
  bool is_anybody_ready = false;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const controlled_thread& one = *by_index_[i];
    if (one.state == standing::done) continue;
    const bool is_ready = one.state == standing::ready;
    is_anybody_ready = is_anybody_ready || is_ready;
    if (is_ready || judged_.has_steps(i)) {
      if (!judged_.is_one_loop(i) || !(judged_.has_accesses() || is_waited_for(one))) return false;
    } else if (one.has_deadline || one.waits_on == from_outside) {
      return false;
    }
  }
  return is_anybody_ready;
}

// It has a lock that another waits for without a limit.
bool execution::is_waited_for(const controlled_thread& thread) noexcept {
  for (std::uint32_t i = 0; i < count_; ++i) {
    const controlled_thread& one = *by_index_[i];
    if (one.state == standing::blocked && !one.has_deadline && one.waits_on != nullptr &&
        one.waits_on->owner == &thread)
      return true;
  }
  return false;
}

// In the order in which they were created, some points each; who yields has had its turn.
controlled_thread& execution::whose_turn(const choice& at) noexcept {
  if (at.self_can_go_on && ++turn_ % points_a_turn != 0) return *at.self;
  turn_ = 0;
  controlled_thread *first = at.ready[0], *after = nullptr;
  for (std::uint32_t i = 0; i < at.ready_count; ++i) {
    controlled_thread* one = at.ready[i];
    if (one->index < first->index) first = one;
    if (one->index > at.self->index && (after == nullptr || one->index < after->index)) after = one;
  }
  return after != nullptr ? *after : *first;
}

controlled_thread& execution::next_by_turns(const choice& at) noexcept {
  controlled_thread& next = whose_turn(at);
  if (at.self_steps_back) make_ready(*at.self);
  if (&next != at.self) next.few_since = passed_;
  unasked_ = 0;
  grant(1);
  return next;
}

}  // namespace ravel::detail
