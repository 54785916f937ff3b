// SPDX-License-Identifier: MIT
// See surw.hpp. strategy_word[0] is what a thread has left.
#include "surw.hpp"

#include "block.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

std::uint64_t& left(controlled_thread& thread) noexcept { return thread.strategy_word[0]; }

}  // namespace

std::uint64_t surw_strategy::first_needed(std::uint64_t trial) const noexcept { return first_of_block(trial); }

void surw_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0x5082));
  walks_ = is_first_of_block(trial);
  learns_ = walks_ || seat_of(trial) == seat::surw;
  has_object_ = false;
  owner_ = nullptr;
  on_heap_ = nullptr;
  intended_ = nullptr;
  thread_count_ = spins_ = 0;
  if (walks_) {
    walk_.start(seed, trial);
    latest_ = 0;
  } else {
    used_ = scale(draw(random_), 2) == 0 ? 0 : latest_;
    choose_object();
  }
  noting_ = walks_ ? 0 : latest_ == 1 ? 2 : 1;
  notes_ = learns_ || (has_object_ && object_.is == object_place::on_heap);
  if (notes_) profiles_[noting_].forget();
}

// Draws the object, and counts what each thread will do to it.
void surw_strategy::choose_object() noexcept {
  profile& known = profiles_[used_];
  std::uint32_t shared = 0;
  for (std::uint32_t i = 0; i < known.object_count(); ++i) shared += known.is_shared(i) ? 1 : 0;
  if (shared == 0) return;
  std::uint64_t which = scale(draw(random_), shared);
  std::uint32_t object = 0;
  while (!known.is_shared(object) || which-- != 0) ++object;
  object_ = known.object_at(object).place;
  has_object_ = true;
  for (std::uint32_t i = 0; i < known.thread_count(); ++i) totals_[i] = known.events_of(object, i);
  // Whoever is created has a higher ordinal than its creator.
  for (std::uint32_t i = known.thread_count(); i-- > 1;)
    if (known.thread_at(i).parent < i) totals_[known.thread_at(i).parent] += totals_[i];
}

void surw_strategy::thread_created(controlled_thread& parent, controlled_thread& child) noexcept {
  left(child) = 0;
  if (notes_) profiles_[noting_].thread_created(parent, child);
  if (!has_object_) return;
  if (thread_count_ < most_threads) threads_[thread_count_++] = &child;
  if (object_.is == object_place::on_stack && child.path == object_.owner) owner_ = &child;
  const std::uint32_t ordinal = profiles_[used_].thread_of(child.path);
  if (ordinal == profile::none) return;
  const std::uint64_t share = left(child) = totals_[ordinal];
  if (&parent == &child || left(parent) == 0) return;
  if (intended_ == &parent && scale(draw(random_), left(parent)) < share) intended_ = &child;
  left(parent) -= std::min(left(parent), share);
  if (intended_ == &parent && left(parent) == 0) intended_ = nullptr;
}

bool surw_strategy::is_of_set(const controlled_thread& thread) noexcept {
  const event& what = thread.pending;
  if (what.object == nullptr || !is_orderable(what.what)) return false;
  const auto address = reinterpret_cast<std::uintptr_t>(what.object);
  switch (object_.is) {
    case object_place::in_module: return address == object_.where;
    case object_place::on_stack:
      return owner_ != nullptr && owner_->record != nullptr && owner_->record->stack_high - address == object_.where &&
             is_on_stack_of(*owner_, what.object);
    case object_place::on_heap: break;
  }
  return on_heap_ != nullptr ? what.object == on_heap_ : profiles_[noting_].is_at_heap_place(thread, object_);
}

void surw_strategy::draw_intended() noexcept {
  intended_ = nullptr;
  std::uint64_t all = 0;
  for (std::uint32_t i = 0; i < thread_count_; ++i)
    if (threads_[i]->state != standing::done) all += left(*threads_[i]);
  if (all == 0) return;
  std::uint64_t at = scale(draw(random_), all);
  for (std::uint32_t i = 0; i < thread_count_; ++i) {
    if (threads_[i]->state == standing::done) continue;
    if (at < left(*threads_[i])) {
      intended_ = threads_[i];
      return;
    }
    at -= left(*threads_[i]);
  }
}

// Of those who could go on if they were not held.
void surw_strategy::release_one(const choice& at) noexcept {
  std::uint64_t all = 0;
  for (std::uint32_t i = 0; i < at.ready_count; ++i)
    if (is_held(*at.ready[i])) all += std::max<std::uint64_t>(left(*at.ready[i]), 1);
  if (all == 0) return;
  std::uint64_t which = scale(draw(random_), all);
  for (std::uint32_t i = 0; i < at.ready_count; ++i) {
    if (!is_held(*at.ready[i])) continue;
    const std::uint64_t weight = std::max<std::uint64_t>(left(*at.ready[i]), 1);
    if (which < weight) {
      intended_ = at.ready[i];
      return;
    }
    which -= weight;
  }
}

// It does its pending event.
void surw_strategy::passes(controlled_thread& thread) noexcept {
  if (notes_) profiles_[noting_].note(thread);
  if (!has_object_ || !is_of_set(thread)) return;
  if (object_.is == object_place::on_heap) on_heap_ = thread.pending.object;
  if (left(thread) != 0) --left(thread);
  draw_intended();
}

decision surw_strategy::choose(const choice& at) noexcept {
  controlled_thread* next = at.self;
  if (walks_) {
    next = walk_.choose(at);
  } else if (!at.self_can_go_on || (has_object_ && is_of_set(*at.self))) {
    if (at.self->state == standing::done) left(*at.self) = 0;
    if (has_object_ && (intended_ == nullptr || intended_->state == standing::done)) draw_intended();
    // A thread that waits by spinning or yielding may wait for one that is held. Found again and again, let all go.
    if (at.self_is_spinning && ++spins_ > most_spins) {
      has_object_ = false;
      intended_ = nullptr;
    }
    if (at.self_steps_back && scale(draw(random_), at.self_is_spinning ? 2 : 8) == 0) release_one(at);
    std::uint64_t free = 0;
    for (std::uint32_t i = 0; i < at.ready_count; ++i) free += is_held(*at.ready[i]) ? 0 : 1;
    if (free == 0) {
      release_one(at);
      next = intended_;
    } else {
      std::uint64_t which = scale(draw(random_), free);
      for (std::uint32_t i = 0; i < at.ready_count; ++i)
        if (!is_held(*at.ready[i]) && which-- == 0) next = at.ready[i];
    }
  }
  passes(*next);
  return {next, 1};
}

std::uint32_t surw_strategy::pick(std::uint32_t count) noexcept {
  return walks_ ? walk_.pick(count) : static_cast<std::uint32_t>(scale(draw(random_), count));
}

void surw_strategy::ended(ending how, std::uint64_t) noexcept {
  if (learns_ && !walks_ && how == ending::finished) latest_ = noting_;
}

}  // namespace ravel::detail
