// SPDX-License-Identifier: MIT
// See pct.hpp. A priority is a number in strategy_word[0]: initial ones have the top bit, change point i has i above
// 2^32, and who was put below all others counts down from 2^32.
#include "pct.hpp"

#include "base/random.hpp"
#include "block.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ravel::detail {

namespace {

constexpr std::uint64_t initial_bit = std::uint64_t{1} << 63;
constexpr std::uint64_t change_base = std::uint64_t{1} << 32;

std::uint64_t& priority(controlled_thread& thread) noexcept { return thread.strategy_word[0]; }
std::uint64_t& priority_of_limit(controlled_thread& thread) noexcept { return thread.strategy_word[1]; }

}  // namespace

std::uint64_t pct_strategy::first_needed(std::uint64_t trial) const noexcept { return first_of_block(trial); }

void pct_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0x9C7));
  walks_ = is_first_of_block(trial);
  learns_ = walks_ || seat_of(trial) == seat::pct;
  threads_ = 0;
  if (walks_) {
    points_expected_ = 0;
    walk_.start(seed, trial);
  }
  lowest_ = change_base;
  changes_ = depth_ != 0 ? depth_ - 1 : static_cast<std::uint32_t>(scale(draw(random_), deepest));
  changes_made_ = 0;
  for (std::uint32_t i = 0; i < changes_; ++i)
    change_at_[i] = 1 + scale(draw(random_), std::max<std::uint64_t>(points_expected_, 1));
  if (changes_ > 1) std::sort(change_at_, change_at_ + changes_);
}

std::uint64_t pct_strategy::initial_priority() noexcept { return draw(random_) | initial_bit; }

void pct_strategy::thread_created(controlled_thread&, controlled_thread& child) noexcept {
  priority(child) = initial_priority();
  ++threads_;
}

decision pct_strategy::choose(const choice& at) noexcept {
  const bool begins_timed_wait = at.self->has_deadline;  // and may be among the early ones itself
  if (begins_timed_wait) {
    has_timed_waits_ = true;
    ++threads_;
  }
  if (walks_) return {walk_.choose(at), 1};
  if (begins_timed_wait) priority_of_limit(*at.self) = initial_priority();
  while (changes_made_ < changes_ && change_at_[changes_made_] <= at.step) {
    // In the paper the i-th change point gives d - i: the later, the lower.
    priority(*at.self) = change_base + (changes_ - changes_made_);
    ++changes_made_;
  }
  if (at.self_steps_back) priority(*at.self) = --lowest_;
  controlled_thread* highest = at.ready[0];
  const std::uint32_t on_time = at.on_time_count();
  for (std::uint32_t i = 1; i < on_time; ++i)
    if (priority(*at.ready[i]) > priority(*highest)) highest = at.ready[i];
  std::uint64_t most = priority(*highest);
  bool is_early = false;
  for (std::uint32_t i = on_time; i < at.ready_count; ++i)
    if (priority_of_limit(*at.ready[i]) > most) {
      highest = at.ready[i];
      most = priority_of_limit(*highest);
      is_early = true;
    }
  if (is_early) return {highest, 1};  // the limit's one step; then by its own priority
  const std::uint64_t until = changes_made_ < changes_ ? change_at_[changes_made_] - at.step : unlimited;
  return {highest, until, true};
}

std::uint32_t pct_strategy::pick(std::uint32_t count) noexcept {
  return walks_ ? walk_.pick(count) : static_cast<std::uint32_t>(scale(draw(random_), count));
}

void pct_strategy::ended(ending, std::uint64_t points) noexcept {
  if (!walks_ && points <= points_expected_) ++executions_[changes_];
  if (learns_) points_expected_ = std::max(points_expected_, points);
  most_threads_ = std::max<std::uint64_t>(most_threads_, threads_);
  most_points_ = std::max(most_points_, points);
}

// The bound holds where no more points were passed than change points were spread over; k is taken as the largest seen,
// which understates what was found out.
std::string pct_strategy::coverage(bool is_clean, const std::string& hold_up) const {
  std::string text;
  double one = 1.0 / static_cast<double>(most_threads_);
  for (std::uint32_t depth = 1; depth <= 3; ++depth, one /= static_cast<double>(most_points_)) {
    // What is as good as sure to be missed is no promise.
    const double missed = std::exp(static_cast<double>(executions_[depth - 1]) * std::log1p(-std::min(one, 0.999999)));
    if (missed > 0.9999) break;
    char number[32];
    std::snprintf(number, sizeof number, missed < 0.0001 ? "%.0e" : "%.4f", missed);
    text += (text.empty() ? "" : ", ") + std::string(number) + " of depth " + std::to_string(depth);
  }
  if (!is_clean || text.empty()) return "";
  return "pct: a bug was missed with a probability of at most " + text + " (" + std::to_string(most_threads_) +
         (has_timed_waits_ ? " threads and timed waits, " : " threads, ") + std::to_string(most_points_) + " points" +
         (has_timed_waits_ ? ", hold-ups of " + hold_up + ")" : ")");
}

}  // namespace ravel::detail
