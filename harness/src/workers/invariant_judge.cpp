// SPDX-License-Identifier: MIT
// See invariant_judge.hpp and ravel/invariant.hpp.
#include "invariant_judge.hpp"

#include "body_thread.hpp"
#include "engine/execution.hpp"
#include "record/escaped_exception.hpp"
#include "record/shared_run.hpp"
#include "trial_state.hpp"

#include <ravel/alone.hpp>
#include <ravel/trial.hpp>

#include <cerrno>
#include <string>

namespace ravel {

namespace detail {

invariant_judge::verdict_here invariant_judge::look(standing_invariant& one, fixed_text<256>& thrown) noexcept {
  struct question {
    standing_invariant& one;
    fixed_text<256>& thrown;
    verdict_here answer;
  } asked{one, thrown, verdict_here::holds};
  const auto ask = [](void* of) {
    auto& question_here = *static_cast<question*>(of);
    try {
      const bool holds = question_here.one.holds(question_here.one.predicate);
      question_here.answer = holds ? verdict_here::holds : verdict_here::broken;
    } catch (...) {
      describe_current_exception(question_here.thrown);
      question_here.answer = verdict_here::throws;
    }
  };
  const int kept = errno;
  const bool is_answered = look_alone(ask, &asked);
  errno = kept;
  return is_answered ? asked.answer : verdict_here::waits;
}

void invariant_judge::judge(standing_invariant& one, broken_invariant& where) noexcept {
  fixed_text<256> thrown{};
  const verdict_here answer = look(one, thrown);
  if (answer == verdict_here::waits) {
    invariant_record::count(one.record->passed_over);
    ++one.unjudged;
    one.held_last = false;
    return;
  }
  invariant_record::count(one.record->judged);
  if (answer == verdict_here::holds) {
    one.held_last = true;
    one.unjudged = 0;
    return;
  }
  one.is_broken = true;
  where.what = one.what;
  where.place = one.place;
  where.thrown = answer == verdict_here::throws ? thrown.c_str() : nullptr;
  where.held_before = one.held_last;
  where.unjudged = one.unjudged;
  record_broken_invariant(where);
}

void invariant_judge::judge_at_point(standing_invariant& one, const event& last, const char* next) noexcept {
  if (one.is_broken) return;
  invariant_record::count(one.record->points);
  if (one.at == invariant_points::between_operations) {
    const bool is_in_operation = the_execution().is_in_operation();
    if (is_in_operation || !the_execution().has_had_operations()) {
      invariant_record::count(is_in_operation ? one.record->in_operation : one.record->unrecorded);
      ++one.unjudged;
      one.held_last = false;
      return;
    }
  }
  broken_invariant where{};
  where.is_at_point = true;
  where.done = word_for(last.what);
  where.done_pc = last.pc;
  where.next = next;
  judge(one, where);
}

void invariant_judge::at_point(controlled_thread& self, const event& last) noexcept {
  for (standing_invariant* one = latest_; one != nullptr; one = one->next)
    judge_at_point(*one, last, word_for(self.pending.what));
}

// No point: what comes next is not known yet.
void invariant_judge::operations_ended(controlled_thread& self) noexcept {
  for (standing_invariant* one = latest_; one != nullptr; one = one->next)
    judge_at_point(*one, self.pending, "the end of its operation");
}

void invariant_judge::judge_quiescent(standing_invariant& one) noexcept {
  if (one.is_broken) return;
  invariant_record::count(one.record->points);
  broken_invariant where{};
  judge(one, where);
}

void invariant_judge::judge_quiescent() noexcept {
  for (standing_invariant* one = latest_; one != nullptr; one = one->next) judge_quiescent(*one);
}

void invariant_judge::begin(standing_invariant& one, invariant_table& table) {
  one.record = table.record_of(one.what, one.place);
  if (one.record == nullptr)
    throw usage_error(said(one.place) + "trial.invariant: the body states more than " +
                      std::to_string(invariant_table::capacity) + " invariants; put several into one.");
  one.judge = this;
  one.next = latest_;
  latest_ = &one;
  if (is_under_control()) the_execution().watch(this);
}

void invariant_judge::end(standing_invariant& one) noexcept {
  for (standing_invariant** link = &latest_; *link != nullptr; link = &(*link)->next)
    if (*link == &one) {
      *link = one.next;
      break;
    }
  if (latest_ == nullptr && is_under_control()) the_execution().watch(nullptr);
}

void end_invariant(standing_invariant& ended, bool is_unwinding) noexcept {
  if (ended.judge == nullptr || current_shared_run() == nullptr) return;
  if (!is_unwinding) ended.judge->judge_quiescent(ended);
  ended.judge->end(ended);
}

}  // namespace detail

void trial::begin_invariant(detail::standing_invariant& one, const char* what, const invariant_options& options,
                            site place) {
  detail::shared_run* const run = detail::current_shared_run();
  if (run == nullptr) return;  // a process that the target forked
  detail::require_body_thread("trial.invariant()", place);
  one.what = what == nullptr ? "" : what;
  one.at = options.at;
  one.place = place;
  state_.invariants.begin(one, run->invariants);
}

}  // namespace ravel
