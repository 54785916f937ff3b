// SPDX-License-Identifier: MIT
// See racing.hpp.
#include "racing.hpp"

#include "engine/engine.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

bool is_atomic(operation what) noexcept {
  return what == operation::atomic_load || what == operation::atomic_store || what == operation::atomic_update;
}
bool writes(operation what) noexcept {
  return what == operation::write || what == operation::atomic_store || what == operation::atomic_update;
}
bool accesses(operation what) noexcept { return what == operation::read || writes(what) || is_atomic(what); }

bool do_conflict(const event& a, const event& b) noexcept {
  const auto begin = [](const event& one) { return reinterpret_cast<std::uintptr_t>(one.object); };
  return begin(a) < begin(b) + b.bytes && begin(b) < begin(a) + a.bytes && (writes(a.what) || writes(b.what)) &&
         !(is_atomic(a.what) && is_atomic(b.what));
}

}  // namespace

void racing_strategy::follow(const race_places& places, std::uint64_t attempt) noexcept {
  places_ = places;
  attempt_ = attempt;
}

void racing_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0xACE + attempt_));
  walk_.start(derive_seed(seed, attempt_, 1), trial);
  is_over_ = false;
  held_count_ = 0;
}

bool racing_strategy::is_held(const controlled_thread& thread) const noexcept {
  return std::find(held_, held_ + held_count_, &thread) != held_ + held_count_;
}

// The calling thread has come to another event.
void racing_strategy::arrives(controlled_thread& thread) noexcept {
  if (is_over_ || is_held(thread) || !accesses(thread.pending.what)) return;
  const bool is_at[] = {is_race_place(places_.pc[0], thread.pending.pc),
                        is_race_place(places_.pc[1], thread.pending.pc)};
  if (!is_at[0] && !is_at[1]) return;
  for (std::uint32_t i = 0; i < held_count_; ++i) {
    const event& other = held_[i]->pending;
    const bool are_the_two = (is_at[0] && is_race_place(places_.pc[1], other.pc)) ||  //
                             (is_at[1] && is_race_place(places_.pc[0], other.pc));
    if (!are_the_two || !do_conflict(thread.pending, other)) continue;
    ++met_;
    is_over_ = true;
    held_count_ = 0;
    return;
  }
  if (held_count_ != most_held) held_[held_count_++] = &thread;
}

// It goes on, over its access.
void racing_strategy::release_one(std::uint32_t which) noexcept {
  if (held_count_ != 0) held_[which] = held_[--held_count_];
}

decision racing_strategy::choose(const choice& at) noexcept {
  arrives(*at.self);
  if (at.self_steps_back && held_count_ != 0 && scale(draw(random_), 4) == 0)
    release_one(static_cast<std::uint32_t>(scale(draw(random_), held_count_)));
  controlled_thread* free[64];
  std::uint32_t count = 0, early = 0;
  bool can_self_go_on = false;
  for (int attempt = 0; attempt < 2 && count == 0; ++attempt) {
    if (attempt == 1) release_one(static_cast<std::uint32_t>(scale(draw(random_), std::max(held_count_, 1u))));
    for (std::uint32_t i = 0; i < at.ready_count && count < std::size(free); ++i)
      if (!is_held(*at.ready[i])) {
        early += i >= at.on_time_count() ? 1 : 0;
        free[count++] = at.ready[i];
      }
    can_self_go_on = at.self_can_go_on && !is_held(*at.self);
  }
  if (count == 0) {
    held_count_ = 0;
    return {at.ready[0], 1};
  }
  choice narrowed = at;
  narrowed.ready = free;
  narrowed.ready_count = count;
  narrowed.early_count = early;
  narrowed.self_can_go_on = can_self_go_on;
  return {walk_.choose(narrowed), 1};
}

std::uint32_t racing_strategy::pick(std::uint32_t count) noexcept {
  return static_cast<std::uint32_t>(scale(draw(random_), count));
}

}  // namespace ravel::detail
