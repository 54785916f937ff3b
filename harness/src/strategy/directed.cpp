// SPDX-License-Identifier: MIT
// See directed.hpp. strategy_word[i] is the lock that the thread took as link i says and still has, 0: none; and two
// marks, whether it now is where link i takes that lock, or wants the next.
#include "directed.hpp"

#include "engine/engine.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

bool takes(operation what) noexcept {
  return what == operation::lock || what == operation::lock_shared || what == operation::timed_lock ||
         what == operation::try_lock;
}

constexpr std::uint64_t at_held = std::uint64_t{1} << 63, at_wanted = std::uint64_t{1} << 62;

std::uint64_t word_of(const void* object) noexcept { return reinterpret_cast<std::uintptr_t>(object); }
std::uint64_t lock_in(std::uint64_t word) noexcept { return word & ~(at_held | at_wanted); }

// The calling thread is at its pending event.
bool is_at(const lock_place& place, const controlled_thread& self) noexcept {
  if (place.depth == 0 || self.pending.pc != place.pc[0]) return false;
  if (place.depth == 1) return true;
  raw_stack stack;
  capture_stack(stack);
  std::uint32_t first = 0;
  while (first < stack.depth && stack.pc[first] != place.pc[0]) ++first;
  if (stack.depth - first < place.depth) return true;  // no frame pointers: nothing more is known
  for (std::uint32_t i = 1; i < place.depth; ++i)
    if (stack.pc[first + i] != place.pc[i]) return false;
  return true;
}

}  // namespace

void directed_strategy::follow(const lock_chain& chain, std::uint64_t attempt, bool is_calm,
                               std::uint32_t frames) noexcept {
  chain_ = chain;
  attempt_ = attempt;
  is_calm_ = is_calm;
  for (lock_link& link : chain_.links) {
    link.held.depth = std::min(link.held.depth, frames);
    link.wanted.depth = std::min(link.wanted.depth, frames);
  }
}

void directed_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0xD12 + attempt_));
  walk_.start(derive_seed(seed, attempt_, 0), trial);
  is_complete_ = false;
  std::fill(std::begin(waiting_), std::end(waiting_), nullptr);
}

void directed_strategy::thread_created(controlled_thread&, controlled_thread& child) noexcept {
  for (std::uint64_t& word : child.strategy_word) word = 0;
}

bool directed_strategy::fits(const controlled_thread& thread, std::uint32_t link) const noexcept {
  const std::uint64_t path = chain_.links[link].thread, word = thread.strategy_word[link];
  return (word & at_wanted) != 0 && lock_in(word) != 0 && lock_in(word) != word_of(thread.pending.object) &&
         (path == 0 || path == thread.path);
}

bool directed_strategy::is_held(const controlled_thread& thread) const noexcept {
  if (is_complete_) return false;
  return std::find(std::begin(waiting_), std::end(waiting_), &thread) != std::end(waiting_);
}

// The calling thread has come to another event, or is blocked at it.
void directed_strategy::arrives(controlled_thread& thread) noexcept {
  for (std::uint32_t i = 0; i < chain_.length; ++i) {
    std::uint64_t& word = thread.strategy_word[i];
    word = lock_in(word);
    if (thread.pending.what == operation::unlock && word == word_of(thread.pending.object)) word = 0;
    if (!takes(thread.pending.what)) continue;
    if (is_at(chain_.links[i].held, thread)) word |= at_held;
    if (is_at(chain_.links[i].wanted, thread)) word |= at_wanted;
  }
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
  if (is_complete_ || chain_.length == 0) return;
  for (std::uint32_t i = 0; i < chain_.length; ++i)
    if (waiting_[i] == nullptr) return;
  is_complete_ = is_closed();
  if (!is_complete_) release_one();  // the same places, but other locks
}

// All are there; each wants what the next one has.
bool directed_strategy::is_closed() const noexcept {
  for (std::uint32_t i = 0; i < chain_.length; ++i) {
    const std::uint32_t next = (i + 1) % chain_.length;
    if (lock_in(waiting_[next]->strategy_word[next]) != word_of(waiting_[i]->pending.object)) return false;
  }
  return true;
}

void directed_strategy::passes(controlled_thread& thread) noexcept {
  for (std::uint32_t i = 0; i < chain_.length; ++i)
    if ((thread.strategy_word[i] & at_held) != 0) thread.strategy_word[i] = word_of(thread.pending.object);
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

controlled_thread* directed_strategy::walk(const choice& at) noexcept {
  if (!is_calm_) return walk_.choose(at);
  // Among those who wait for others by spinning, whose turn it is must not be settled once and for all.
  if (at.self_can_go_on) return at.self;
  return at.ready[scale(draw(random_), at.on_time_count() != 0 ? at.on_time_count() : at.ready_count)];
}

decision directed_strategy::choose(const choice& at) noexcept {
  arrives(*at.self);
  if (at.self_steps_back && !is_complete_ && scale(draw(random_), at.self_is_spinning ? 2 : 8) == 0) release_one();
  controlled_thread* free[64];
  std::uint32_t count = 0, early = 0;
  bool can_self_go_on = false;
  for (int attempt = 0; attempt < 2 && count == 0; ++attempt) {
    if (attempt == 1) release_one();
    for (std::uint32_t i = 0; i < at.ready_count && count < std::size(free); ++i)
      if (!is_held(*at.ready[i])) {
        early += i >= at.on_time_count() ? 1 : 0;
        free[count++] = at.ready[i];
      }
    can_self_go_on = at.self_can_go_on && !is_held(*at.self);
  }
  if (count == 0) return {at.ready[0], 1};
  choice narrowed = at;
  narrowed.ready = free;
  narrowed.ready_count = count;
  narrowed.early_count = early;
  narrowed.self_can_go_on = can_self_go_on;
  controlled_thread* next = walk(narrowed);
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
