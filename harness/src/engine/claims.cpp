// SPDX-License-Identifier: MIT
// The part of execution.hpp that tries what is claimed of operations' progress (ravel/progress_claim.hpp): whether a
// call is tried, from which of its steps on, who runs then and by what turns is picked by the strategy, so that logs
// and tokens hold it. While a claim is tried the strategy is not asked: a yield, a sleep or a wait that ends by time is
// no reason not to go on, and nobody who was stopped runs. Steps are counted from the call's start by what every
// compiler makes points of: accesses to plain memory do not count, because with the others alone nothing can come
// between.
#include "claim_trial.hpp"
#include "execution.hpp"

#include "base/stack.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace ravel::detail {

namespace {

// Mostly short, for most calls are; of those that are drawn.
constexpr std::uint32_t first_steps[] = {1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 9, 11, 14, 20, 32};
// A turn is so many points long, the same for all: two that undo each other's work do so only in step. Or, where
// operations of others end, it is from the middle of one to the middle of the next, so that there is always one inside.
constexpr std::uint32_t longest_drawn = 16, deepest_inside = 8, longest_turn = 64;
// That turns are fair: nobody ends more operations in one, and who does not end had so many.
constexpr std::uint64_t most_ended_a_turn = 2, fewest_turns = 8;
constexpr std::uint32_t most_in_mask = 6;   // threads of which each is stopped or not
constexpr std::uint64_t most_outside = 64;  // points in all for each that counts: then a try tells nothing

bool is_in_call(const controlled_thread& thread) noexcept {
  return thread.call.depth != 0 && thread.call.execution == the_execution().begun();
}

// Somebody's operation is to end, whoever's.
bool is_of_all(progress_kind kind) noexcept {
  return kind == progress_kind::lock_free || kind == progress_kind::livelock_free;
}

bool is_plain_access(operation what) noexcept { return what == operation::read || what == operation::write; }

bool can_take_part(const controlled_thread& thread) noexcept {
  if (thread.state == standing::done || thread.is_daemon) return false;
  return thread.index != 0 || thread.state == standing::ready || is_in_call(thread);  // the body waits for the others
}

bool is_anybody_with(const controlled_thread& self) noexcept {
  execution& all = the_execution();
  for (std::uint32_t i = 0; i < all.thread_count(); ++i)
    if (&all.thread(i) != &self && can_take_part(all.thread(i))) return true;
  return false;
}

// Its points count: it is in an operation of which the claim speaks.
bool is_counted(const controlled_thread& thread, const claim_trial& in) noexcept {
  if (!is_in_call(thread)) return false;
  if (is_of_all(in.claim->kind)) return thread.call.group == in.claim->group;
  return &thread == in.judged;
}

bool is_waiting(const controlled_thread& thread) noexcept {
  return thread.state == standing::blocked && !thread.has_deadline;
}

progress_loop loop_of(const claim_trial& in) noexcept {
  progress_loop loop{};
  const auto known = static_cast<std::uint32_t>(std::min<std::uint64_t>(in.step_count, claim_trial::steps_kept));
  loop.of = known;
  const event* most = nullptr;
  for (std::uint32_t i = 0; i < known; ++i) {
    const auto same = [&](const event& one) { return one.pc == in.steps[i].pc && one.what == in.steps[i].what; };
    const auto times = static_cast<std::uint32_t>(std::count_if(in.steps, in.steps + known, same));
    if (times <= loop.times || in.steps[i].pc == 0 || in.steps[i].what == operation::write) continue;
    loop.times = times;
    most = &in.steps[i];
  }
  if (most == nullptr) return loop;
  loop.pc = most->pc;
  loop.what = word_for(most->what);
  // It reads that over and over anyway, and nobody else runs.
  loop.has_value =
      is_access(most->what) && most->object != nullptr && most->bytes != 0 && most->bytes <= sizeof loop.value;
  if (loop.has_value) std::memcpy(&loop.value, most->object, most->bytes);
  return loop;
}

void describe(progress_party& party, controlled_thread& thread) noexcept {
  party = {};
  party.thread = thread.record;
  party.operation = is_in_call(thread) ? thread.call.name : nullptr;
  party.is_running = thread.call.runs;
  party.points = thread.call.points;
  party.turns = thread.call.turns;
  party.completed = thread.call.completed;
  if (is_waiting(thread)) party.waits_in = word_for(thread.pending.what);
  if (is_waiting(thread) && thread.waits_on != nullptr && thread.waits_on->owner != nullptr)
    party.waits_for = thread.waits_on->owner->record;
  if (&thread == control.running)
    capture_stack(party.stack, 3);
  else
    capture_suspended(party.stack, thread.frame, {thread.record->stack_low, thread.record->stack_high});
}

bool has_turn_left(const controlled_thread& thread, claim_trial& in) noexcept {
  ++in.turn;
  if (&thread == in.judged) return in.claim->kind != progress_kind::wait_free && in.turn < in.points_a_turn;
  const std::uint64_t ended = thread.call.completed - in.completed_before;
  if (ended >= most_ended_a_turn) return false;
  if (in.inside == 0) return in.turn < in.points_a_turn;
  return in.turn < longest_turn && !(ended != 0 && is_in_call(thread) && thread.call.steps >= in.inside);
}

// The judged one first, then whoever runs or was stopped in an operation.
std::uint32_t describe_all(claim_trial& in) noexcept {
  execution& all = the_execution();
  std::uint32_t count = 0;
  describe(in.parties[count++], *in.judged);
  for (std::uint32_t i = 0; i < all.thread_count() && count < progress_try::most_parties; ++i) {
    controlled_thread& one = all.thread(i);
    if (&one == in.judged || one.record == nullptr || one.is_daemon) continue;
    const bool has_ended = one.state == standing::done;
    if (has_ended ? one.call.completed == 0 : !is_in_call(one) && one.call.turns == 0) continue;
    describe(in.parties[count++], one);
    if (has_ended || !is_in_call(one)) in.parties[count - 1].stack.depth = 0;
  }
  return count;
}

}  // namespace

// At the start of a call: is it tried, and from which step on?
void execution::draw_claim(controlled_thread& self) noexcept {
  const progress_claim* claims[progress_judge::most_claims] = {};
  const std::uint32_t count = claims_.judge->claims_about(self.call.name, claims);
  self.call.group = nullptr;
  for (std::uint32_t i = 0; i < count; ++i)
    if (is_of_all(claims[i]->kind)) self.call.group = claims[i]->group;
  if (count == 0 || claims_.claim != nullptr || judging_ != judging::no || !is_anybody_with(self)) return;
  const std::uint32_t which = pick(2 * count);
  if (which < count) return;
  self.call.claim = claims[which - count];
  self.call.until_try = first_steps[pick(std::size(first_steps))];
  self.call.has_points = false;
  ++claims_.armed;
  look_at_each();
}

// At each of its points, while somebody's call is to be tried, or is.
void execution::see_claim(controlled_thread& self) noexcept {
  claim_trial& in = claims_;
  if (in.claim == nullptr) {
    if (self.call.until_try == 0 || !is_in_call(self)) return;
    if (is_plain_access(self.pending.what) && self.call.has_points) return;
    self.call.has_points = true;
    if (--self.call.until_try != 0) return;
    --in.armed;
    if (judging_ != judging::no) return;
    start_claim(self);
  }
  if (!self.call.runs) return;
  ++self.call.steps;
  if (++in.all > most_outside * in.claim->within * in.running) return end_claim(progress_result::open);
  if (!is_counted(self, in)) return;
  ++self.call.points;
  ++in.points;
  if (&self == in.judged) in.steps[in.step_count++ % claim_trial::steps_kept] = self.pending;
  switch (in.claim->kind) {
    case progress_kind::obstruction_free:
    case progress_kind::wait_free:
      if (self.call.points > in.claim->within) end_claim(progress_result::too_long);
      break;
    case progress_kind::lock_free:
    case progress_kind::livelock_free:
      if (in.points > in.claim->within * in.running) end_claim(progress_result::too_long);
      break;
    case progress_kind::starvation_free: break;
  }
}

void execution::start_claim(controlled_thread& self) noexcept {
  claim_trial& in = claims_;
  in.claim = self.call.claim;
  in.judged = &self;
  in.running = 1;
  in.points_a_turn = 1;
  in.turn = 0;
  in.points = in.all = in.completed = in.step_count = 0;
  in.met_others = false;
  judging_ = judging::a_claim;
  looks_at_each_ = true;
  unasked_ = 0;
  const progress_kind kind = in.claim->kind;
  std::uint32_t candidates = 0;
  for (std::uint32_t i = 0; i < count_; ++i)
    if (by_index_[i] != &self && can_take_part(*by_index_[i])) ++candidates;
  // Whoever is not in the mask is stopped.
  std::uint32_t mask = kind == progress_kind::obstruction_free ? 0 : ~0u;
  if (kind == progress_kind::lock_free) mask = pick(1u << std::min(candidates, most_in_mask));
  std::uint32_t place = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    controlled_thread& one = *by_index_[i];
    one.call.points = one.call.turns = one.call.completed = 0;
    one.call.runs = &one == &self;
    if (&one == &self || !can_take_part(one)) continue;
    in.met_others = in.met_others || is_in_call(one);
    one.call.runs = (mask >> std::min(place++, most_in_mask - 1) & 1) != 0;
    in.running += one.call.runs ? 1 : 0;
  }
  self.call.turns = 1;
  in.inside = 0;
  if (in.running == 1) return;
  const std::uint32_t turns = pick(longest_drawn + (is_of_all(kind) ? 0 : deepest_inside));
  in.points_a_turn = std::min(turns, longest_drawn - 1) + 1;
  if (turns >= longest_drawn) in.inside = turns - longest_drawn + 1;
}

void execution::end_claim(progress_result result) noexcept {
  claim_trial& in = claims_;
  const bool is_broken = result == progress_result::too_long || result == progress_result::waits;
  // Of those of which anybody may be the one that ends: what each has used up.
  const std::uint64_t points =
      is_of_all(in.claim->kind) ? (in.points + in.running - 1) / in.running : in.judged->call.points;
  progress_try told{*in.claim, result, points, in.met_others, in.running, in.completed, in.parties, 0, {}};
  if (is_broken) {
    told.party_count = describe_all(in);
    told.loop = loop_of(in);
  }
  in.claim = nullptr;
  judging_ = judging::no;
  looks_at_each_ = is_each_looked_at();
  in.judge->tried(told);
  if (is_broken && listener_ != nullptr) listener_->claim_broken();
}

// The outermost operation of the thread has ended. No point: whoever is asked next is asked at the next one.
void execution::end_call(controlled_thread& self) noexcept {
  claim_trial& in = claims_;
  if (self.call.until_try != 0) {
    self.call.until_try = 0;
    --in.armed;
    looks_at_each_ = is_each_looked_at();
  }
  if (in.claim == nullptr || !self.call.runs) return;
  ++self.call.completed;
  const bool is_judged = &self == in.judged;
  if (!is_judged) ++in.completed;
  switch (in.claim->kind) {
    case progress_kind::obstruction_free:
    case progress_kind::wait_free:
      if (is_judged) end_claim(progress_result::held);
      break;
    case progress_kind::lock_free:
    case progress_kind::livelock_free:
      if (self.call.group == in.claim->group) end_claim(progress_result::held);
      break;
    case progress_kind::starvation_free:
      if (is_judged)
        end_claim(is_anybody_with(self) ? progress_result::held : progress_result::open);
      else if (in.completed >= in.claim->overtakes && in.judged->call.turns >= fewest_turns)
        end_claim(progress_result::too_long);
      break;
  }
}

// Null: nobody of them can go on, and the try is over.
controlled_thread* execution::next_in_claim(const choice& at) noexcept {
  claim_trial& in = claims_;
  const progress_kind kind = in.claim->kind;
  const bool may_not_wait = kind == progress_kind::obstruction_free || kind == progress_kind::wait_free;
  if (may_not_wait && is_waiting(*in.judged)) {
    end_claim(progress_result::waits);
    return nullptr;
  }
  controlled_thread* next = next_that_runs(at);
  if (next == nullptr) {
    // Nobody of those who run is left to end the wait, or by turns all wait for who does not take part.
    const bool is_open = kind == progress_kind::starvation_free || !is_counted(*in.judged, in);
    end_claim(is_open ? progress_result::open : progress_result::waits);
    return nullptr;
  }
  if (at.self_steps_back) make_ready(*at.self);
  if (next->state == standing::blocked) {  // it sleeps: time is no reason not to go on
    expire(*next);
    became_ready(*next);
  }
  if (next != at.self) next->few_since = passed_;
  unasked_ = 0;
  asks_for_ready_ = false;
  grant(1);
  return next;
}

// By turns, in the order in which they were created.
controlled_thread* execution::next_that_runs(const choice& at) noexcept {
  claim_trial& in = claims_;
  if (at.self_can_go_on && at.self->call.runs && has_turn_left(*at.self, in)) return at.self;
  controlled_thread *first = nullptr, *after = nullptr, *asleep = nullptr;
  const auto consider = [&](controlled_thread& one) {
    if (!one.call.runs) return;
    if (first == nullptr || one.index < first->index) first = &one;
    if (one.index > at.self->index && (after == nullptr || one.index < after->index)) after = &one;
  };
  for (std::uint32_t i = 0; i < at.ready_count; ++i) consider(*at.ready[i]);
  if (at.self_steps_back) consider(*at.self);
  for (std::uint32_t i = 0; i < count_ && asleep == nullptr; ++i)
    if (by_index_[i]->call.runs && by_index_[i]->state == standing::blocked && by_index_[i]->has_deadline)
      asleep = by_index_[i];
  controlled_thread* next = after != nullptr ? after : first != nullptr ? first : asleep;
  if (next != nullptr) {
    in.turn = 0;
    in.completed_before = next->call.completed;
    ++next->call.turns;
  }
  return next;
}

}  // namespace ravel::detail

namespace ravel {

void judge_progress_by(progress_judge* judge) noexcept {
  if (detail::in_control() != nullptr) detail::the_execution().judge_claims_by(judge);
}

}  // namespace ravel
