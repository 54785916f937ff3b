// SPDX-License-Identifier: MIT
// See portfolio.hpp.
#include "portfolio.hpp"

#include "base/random.hpp"
#include "block.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

// What a free seat is worth to each before anything is known, and the least it ever is: where one of them is the only
// one that finds a fault, it is surw or rf more often than another (tests/explore/strategies/explore_table).
constexpr std::uint64_t worth_at_start[] = {1'000, 3'000, 3'000, 1'000, 1'000};
constexpr std::uint64_t least_worth = 250;
constexpr std::uint64_t most_new_pairs = 3;  // that count, in one execution

}  // namespace

portfolio_strategy::portfolio_strategy() noexcept {  // NOLINT: leaves the pages untouched
  std::copy(std::begin(worth_at_start), std::end(worth_at_start), worth_);
}

strategy& portfolio_strategy::at(std::uint32_t which) noexcept {
  switch (which) {
    case random: return random_;
    case surw: return surw_;
    case rf: return rf_;
    case pos: return pos_;
    default: return pct_;
  }
}

const char* portfolio_strategy::name_for(std::uint64_t trial) const noexcept {
  switch (seat_of(trial)) {
    case seat::everybody:
    case seat::surw: return surw_.name();
    case seat::random: return random_.name();
    case seat::rf: return rf_.name();
    case seat::pos: return pos_.name();
    case seat::pct: return pct_.name();
    case seat::free: break;
  }
  if (trial >= most_remembered) return at(static_cast<std::uint32_t>(trial / 2 % members)).name();
  return turns_[trial] == 0 ? name() : at(turns_[trial] - 1).name();
}

std::uint64_t portfolio_strategy::first_needed(std::uint64_t trial) const noexcept { return first_of_block(trial); }

std::uint32_t portfolio_strategy::member_for(std::uint64_t seed, std::uint64_t trial) noexcept {
  switch (seat_of(trial)) {
    case seat::everybody:
    case seat::surw: return surw;
    case seat::random: return random;
    case seat::rf: return rf;
    case seat::pos: return pos;
    case seat::pct: return pct;
    case seat::free: break;
  }
  if (trial >= most_remembered) return static_cast<std::uint32_t>(trial / 2 % members);
  if (turns_[trial] != 0) return turns_[trial] - 1;  // it is repeated
  std::uint64_t all = 0;
  for (const std::uint64_t one : worth_) all += std::max(one, least_worth);
  std::uint64_t lot = scale(derive_seed(seed, trial, 0x90F), all);
  std::uint32_t which = 0;
  while (which + 1 < members && lot >= std::max(worth_[which], least_worth))
    lot -= std::max(worth_[which++], least_worth);
  turns_[trial] = static_cast<std::uint8_t>(which + 1);
  return which;
}

void portfolio_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  if (is_running_) settle();  // its process died
  is_running_ = true;
  is_first_ = is_first_of_block(trial);
  turn_ = member_for(seed, trial);
  hash_ = 0;
  new_pairs_ = 0;
  at(turn_).start(seed, trial);
  if (is_first_) {
    rf_.start(seed, trial);
    pct_.start(seed, trial);
  }
}

void portfolio_strategy::thread_created(controlled_thread& parent, controlled_thread& child) noexcept {
  at(turn_).thread_created(parent, child);
  if (is_first_) {
    // Both keep the same number in the same word.
    rf_.thread_created(parent, child);
    pct_.thread_created(parent, child);
  }
}

decision portfolio_strategy::choose(const choice& here) noexcept {
  const decision made = at(turn_).choose(here);
  if (is_first_) {
    static_cast<void>(rf_.choose(here));
    static_cast<void>(pct_.choose(here));
  }
  if (made.next != here.self) {
    std::uint64_t state = hash_ ^ (here.step << 12) ^ made.next->index;
    hash_ = splitmix(state);
    const std::uint64_t pair = here.self->pending.pc * 0x9E3779B97F4A7C15ull ^ rotate_left(made.next->pending.pc, 31);
    const std::uint32_t known = handovers_.size();
    static_cast<void>(handovers_.find_or_add(pair));
    new_pairs_ += handovers_.size() - known;
  }
  return made;
}

std::uint32_t portfolio_strategy::pick(std::uint32_t count) noexcept {
  const std::uint32_t picked = at(turn_).pick(count);
  if (is_first_) {
    static_cast<void>(rf_.pick(count));
    static_cast<void>(pct_.pick(count));
  }
  return picked;
}

void portfolio_strategy::ended(ending how, std::uint64_t points) noexcept {
  at(turn_).ended(how, points);
  if (is_first_) {
    rf_.ended(how, points);
    pct_.ended(how, points);
  }
  settle();
}

void portfolio_strategy::settle() noexcept {
  is_running_ = false;
  if (is_first_) return;
  if (schedules_.is_full()) schedules_.clear();
  const std::uint32_t known = schedules_.size();
  static_cast<void>(schedules_.find_or_add(hash_));
  const std::uint64_t news = (schedules_.size() - known) + std::min<std::uint64_t>(new_pairs_, most_new_pairs);
  worth_[turn_] = worth_[turn_] * 15 / 16 + news * 1'000 / 16;
}

}  // namespace ravel::detail
