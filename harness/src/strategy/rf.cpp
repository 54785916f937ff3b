// SPDX-License-Identifier: MIT
// See rf.hpp.
#include "rf.hpp"

#include "block.hpp"
#include "drawn_priority.hpp"

namespace ravel::detail {

std::uint64_t rf_strategy::first_needed(std::uint64_t trial) const noexcept { return first_of_block(trial); }

void rf_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0x4F));
  walks_ = is_first_of_block(trial);
  learns_ = walks_ || seat_of(trial) == seat::rf;
  seen_.forget();
  now_.count = spins_ = 0;
  if (walks_) {
    walk_.start(seed, trial);
    profile_.forget();
    possible_.forget();
    seen_pairs_.clear();
    combinations_.clear();
    kept_count_ = 0;
  } else {
    make_schedule();
  }
}

std::uint32_t rf_strategy::times_seen(const abstract_schedule& one) noexcept {
  const std::uint32_t* times = combinations_.find(one.combination);
  return times == nullptr ? 0 : *times;
}

void rf_strategy::make_schedule() noexcept {
  if (possible_.count() == 0) return;
  if (kept_count_ != 0) {
    const abstract_schedule& one = kept_[scale(draw(random_), kept_count_)];
    const abstract_schedule& other = kept_[scale(draw(random_), kept_count_)];
    now_ = times_seen(one) <= times_seen(other) ? one : other;
  }
  for (std::uint32_t i = 0; i < now_.count; ++i) now_.wishes[i].is_true = false;
  mutate();
}

rf_strategy::wish rf_strategy::draw_wish() noexcept {
  wish fresh{possible_.pair(static_cast<std::uint32_t>(scale(draw(random_), possible_.count()))),
             scale(draw(random_), 4) != 0, scale(draw(random_), 2) == 0, false};
  if (fresh.wants && seen_pairs_.find(key_of(fresh.pair)) != nullptr)
    fresh.pair = possible_.pair(static_cast<std::uint32_t>(scale(draw(random_), possible_.count())));
  return fresh;
}

void rf_strategy::mutate() noexcept {
  const std::uint64_t how = now_.count == 0 ? 0 : scale(draw(random_), 4);
  const auto which = static_cast<std::uint32_t>(scale(draw(random_), now_.count == 0 ? 1 : now_.count));
  if (how == 1) {
    now_.wishes[which] = now_.wishes[--now_.count];
  } else if (how == 2) {
    now_.wishes[which].wants = !now_.wishes[which].wants;
  } else if (how == 3 || now_.count == most_wishes) {
    now_.wishes[which] = draw_wish();
  } else {
    now_.wishes[now_.count++] = draw_wish();
  }
}

void rf_strategy::thread_created(controlled_thread& parent, controlled_thread& child) noexcept {
  drawn_priority(child) = 0;
  if (walks_) profile_.thread_created(parent, child);
}

rf_strategy::standing_of rf_strategy::standing_by(const wish& one, const event& what) noexcept {
  if (one.is_true && !one.again) return standing_of::free;
  const std::uint64_t last = seen_.last_writer(what.object);
  const bool is_there = last == one.pair.writer;
  if (what.pc == one.pair.reader && does_read(what.what)) {
    if (one.wants)
      return is_there ? standing_of::favoured : one.pair.writer != 0 ? standing_of::held : standing_of::free;
    return is_there ? standing_of::held : standing_of::free;
  }
  // What the reader is to see must not be written over before it has come.
  if (one.wants && is_there && does_write(what.what) && possible_.has({one.pair.reader, what.pc}))
    return standing_of::held;
  return standing_of::free;
}

rf_strategy::standing_of rf_strategy::standing_of_thread(const controlled_thread& thread) noexcept {
  standing_of result = standing_of::free;
  if (thread.pending.object == nullptr) return result;
  for (std::uint32_t i = 0; i < now_.count; ++i) {
    const standing_of one = standing_by(now_.wishes[i], thread.pending);
    if (one == standing_of::held) return one;
    if (one == standing_of::favoured) result = one;
  }
  return result;
}

controlled_thread* rf_strategy::choose_by_wishes(const choice& at) noexcept {
  // A thread that waits by spinning or yielding may wait for one that is held, or has a low priority since long.
  // Found again and again, no wish is worth it: then whoever has been chosen goes on.
  if (at.self_steps_back) spins_ += at.self_is_spinning ? yields_for_spin : 1;
  const bool has_had_enough = spins_ > most_spins * yields_for_spin;
  if (has_had_enough && at.self_can_go_on) return at.self;
  const bool ignores =
      has_had_enough || (at.self_steps_back && scale(draw(random_), at.self_is_spinning ? 2 : yields_for_spin) == 0);
  drawn_priority(*at.self) = 0;  // it has come to another event
  controlled_thread* best = nullptr;
  auto rank_of_best = standing_of::held;
  const auto rank = [](standing_of one) { return one == standing_of::favoured ? 2 : one == standing_of::free ? 1 : 0; };
  for (std::uint32_t i = 0; i < at.ready_count; ++i) {
    controlled_thread& one = *at.ready[i];
    if (drawn_priority(one) == 0 || (ignores && at.self_steps_back)) drawn_priority(one) = draw(random_) | 1;
    const standing_of here = ignores ? standing_of::free : standing_of_thread(one);
    if (best == nullptr || rank(here) > rank(rank_of_best) ||
        (here == rank_of_best && drawn_priority(one) > drawn_priority(*best))) {
      best = &one;
      rank_of_best = here;
    }
  }
  for (std::uint32_t i = 0; i < at.ready_count; ++i)
    if (at.ready[i] != best && is_dependent(at.ready[i]->pending, best->pending))
      drawn_priority(*at.ready[i]) = draw(random_) | 1;
  return best;
}

// It does its pending event.
void rf_strategy::passes(controlled_thread& thread) noexcept {
  const event& what = thread.pending;
  if (what.object == nullptr) return;
  if (walks_) {
    const std::uint32_t object = profile_.note(thread);
    if (object != profile::none) possible_.note(object, what);
  }
  if (does_read(what.what)) {
    const std::uint64_t last = seen_.last_writer(what.object);
    for (std::uint32_t i = 0; i < now_.count; ++i)
      if (now_.wishes[i].pair.reader == what.pc && now_.wishes[i].pair.writer == last) now_.wishes[i].is_true = true;
    seen_.reads(what);
  }
  if (does_write(what.what) && what.what != operation::unlock) seen_.writes(what);
}

decision rf_strategy::choose(const choice& at) noexcept {
  // What has happened already when its point comes.
  if (at.self->pending.what == operation::unlock && at.self_can_go_on) seen_.writes(at.self->pending);
  controlled_thread* next = walks_ ? walk_.choose(at) : choose_by_wishes(at);
  passes(*next);
  return {next, 1};
}

std::uint32_t rf_strategy::pick(std::uint32_t count) noexcept {
  return walks_ ? walk_.pick(count) : static_cast<std::uint32_t>(scale(draw(random_), count));
}

void rf_strategy::ended(ending how, std::uint64_t) noexcept {
  if (walks_) possible_.make(profile_);
  if (learns_ && how == ending::finished) learn();
}

void rf_strategy::learn() noexcept {
  bool is_new = false;
  for (std::uint32_t i = 0; i < seen_.count(); ++i) {
    const std::uint32_t known = seen_pairs_.size();
    if (seen_pairs_.find_or_add(key_of(seen_.pair(i))) != nullptr) is_new = is_new || seen_pairs_.size() != known;
    // Of a shared object, such as a lock, whose giving back is no event to be ordered.
    if (possible_.has({seen_.pair(i).reader, 0})) possible_.add(seen_.pair(i));
  }
  std::uint32_t* times = combinations_.find_or_add(seen_.combination());
  if (times != nullptr) is_new = ++*times == 1 || is_new;
  if (!is_new || now_.count == 0) return;
  now_.combination = seen_.combination();
  if (kept_count_ < most_kept) {
    kept_[kept_count_++] = now_;
    return;
  }
  std::uint32_t commonest = 0;
  for (std::uint32_t i = 1; i < most_kept; ++i)
    if (times_seen(kept_[i]) > times_seen(kept_[commonest])) commonest = i;
  kept_[commonest] = now_;
}

}  // namespace ravel::detail
