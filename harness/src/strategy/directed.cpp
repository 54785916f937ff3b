// SPDX-License-Identifier: MIT
// See directed.hpp. strategy_word[i] is the lock that the thread took as link i says and still has; 0: none.
#include "directed.hpp"

#include "../engine/engine.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

bool takes(operation what) noexcept {
  return what == operation::lock || what == operation::lock_shared || what == operation::timed_lock ||
         what == operation::try_lock;
}

std::uint64_t word_of(const void* object) noexcept { return reinterpret_cast<std::uintptr_t>(object); }

}  // namespace

void directed_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0xD12));
  walk_.start(seed, trial);
  is_complete_ = false;
  std::fill(std::begin(waiting_), std::end(waiting_), nullptr);
}

void directed_strategy::thread_created(controlled_thread&, controlled_thread& child) noexcept {
  for (std::uint64_t& word : child.strategy_word) word = 0;
}

bool directed_strategy::fits(const controlled_thread& thread, std::uint32_t link) const noexcept {
  const lock_link& one = chain_.links[link];
  return takes(thread.pending.what) && thread.pending.pc == one.wanted_pc && thread.strategy_word[link] != 0 &&
         thread.strategy_word[link] != word_of(thread.pending.object) && (one.thread == 0 || one.thread == thread.path);
}

bool directed_strategy::is_held(const controlled_thread& thread) const noexcept {
  if (is_complete_) return false;
  return std::find(std::begin(waiting_), std::end(waiting_), &thread) != std::end(waiting_);
}

// It has come to another event, or is blocked at it.
void directed_strategy::arrives(controlled_thread& thread) noexcept {
  if (thread.pending.what == operation::unlock)
    for (std::uint64_t& word : thread.strategy_word)
      if (word == word_of(thread.pending.object)) word = 0;
  bool is_there = false;
  for (std::uint32_t i = 0; i < chain_.length; ++i) {
    if (waiting_[i] == &thread && !fits(thread, i)) waiting_[i] = nullptr;
    is_there = is_there || waiting_[i] == &thread;
  }
  for (std::uint32_t i = 0; i < chain_.length && !is_there; ++i)
    if (waiting_[i] == nullptr && fits(thread, i)) {
      waiting_[i] = &thread;
      is_there = true;
    }
  if (is_complete_) return;
  std::uint32_t there = 0;
  for (std::uint32_t i = 0; i < chain_.length; ++i) there += waiting_[i] != nullptr ? 1 : 0;
  is_complete_ = there == chain_.length && there != 0;
}

void directed_strategy::passes(controlled_thread& thread) noexcept {
  if (!takes(thread.pending.what)) return;
  for (std::uint32_t i = 0; i < chain_.length; ++i)
    if (thread.pending.pc == chain_.links[i].held_pc) thread.strategy_word[i] = word_of(thread.pending.object);
}

// It goes on, and is not held again while it has the lock it came with.
void directed_strategy::release_one() noexcept {
  std::uint32_t which[lock_chain::longest], count = 0;
  for (std::uint32_t i = 0; i < chain_.length; ++i)
    if (waiting_[i] != nullptr && waiting_[i]->state == standing::ready) which[count++] = i;
  if (count == 0) return;
  const std::uint32_t link = which[scale(draw(random_), count)];
  waiting_[link]->strategy_word[link] = 0;
  waiting_[link] = nullptr;
}

decision directed_strategy::choose(const choice& at) noexcept {
  arrives(*at.self);
  if (at.self_steps_back && !is_complete_ && scale(draw(random_), at.self_is_spinning ? 2 : 8) == 0) release_one();
  controlled_thread* free[64];
  std::uint32_t count = 0;
  bool can_self_go_on = false;
  for (int attempt = 0; attempt < 2 && count == 0; ++attempt) {
    if (attempt == 1) release_one();
    for (std::uint32_t i = 0; i < at.ready_count && count < std::size(free); ++i)
      if (!is_held(*at.ready[i])) free[count++] = at.ready[i];
    can_self_go_on = at.self_can_go_on && !is_held(*at.self);
  }
  if (count == 0) return {at.ready[0], 1};
  choice narrowed = at;
  narrowed.ready = free;
  narrowed.ready_count = count;
  narrowed.self_can_go_on = can_self_go_on;
  controlled_thread* next = walk_.choose(narrowed);
  // Those of a complete chain first.
  if (is_complete_)
    for (std::uint32_t i = 0; i < chain_.length; ++i)
      if (waiting_[i] != nullptr && waiting_[i]->state == standing::ready &&
          !(at.self_steps_back && waiting_[i] == at.self))
        next = waiting_[i];
  passes(*next);
  return {next, 1};
}

std::uint32_t directed_strategy::pick(std::uint32_t count) noexcept {
  return static_cast<std::uint32_t>(scale(draw(random_), count));
}

// Stuck, the last to come was never asked about: it is blocked at its request.
void directed_strategy::ended(ending how, std::uint64_t) noexcept {
  if (how != ending::stuck || chain_.length == 0) return;
  if (control.running != nullptr) arrives(*control.running);
  if (is_complete_) ++confirmed_;
}

}  // namespace ravel::detail
