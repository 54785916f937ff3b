// SPDX-License-Identifier: MIT
// See ravel/checks/queue_models.hpp: the order of puts that the takes ask for.
#include <ravel/checks/queue_models.hpp>

#include <algorithm>
#include <map>

namespace ravel::checks::detail {

namespace {

constexpr std::uint64_t base_low = 0x9E3779B97F4A7C15ull, base_high = 0xD6E8FEB86659FD93ull;

}  // namespace

// Of values that are not told apart, or of which not all takings are known, nothing is asked.
void first_in_first_out::prepare(const history& of, const std::vector<std::uint32_t>& calls, const queue_names& names) {
  std::map<std::pair<value::form, std::int64_t>, std::uint32_t> put;
  std::vector<taking> taken(of.calls.size());
  std::uint64_t first_unknown = call::never;  // a take that never returned may have taken anything from then on
  for (const std::uint32_t number : calls) {
    const call_view one{of, number};
    if (one.is(names.take)) {
      if (one.is_pending()) first_unknown = std::min(first_unknown, one.call().invoked);
      continue;
    }
    const bool is_refused = !one.is_pending() && one.result() == value::of(false);
    if (!is_refused && !put.emplace(std::pair(one.argument(0).shape, one.argument(0).bits), number).second) return;
  }
  std::vector<bool> is_taken(of.calls.size(), false);
  for (const std::uint32_t number : calls) {
    const call_view one{of, number};
    if (!one.is(names.take) || one.is_pending() || one.result().is_nothing() || one.result().is_thrown()) continue;
    const auto place = put.find({one.result().shape, one.result().bits});
    if (place == put.end() || is_taken[place->second]) return;  // the search will show it
    is_taken[place->second] = true;
    const std::uint64_t end = one.call().returned;
    taken[place->second] = {one.call().invoked, end >= call::never - of.margin ? call::never : end + of.margin, 0,
                            false};
  }
  for (const auto& [key, number] : put) {
    if (!is_taken[number]) taken[number] = {first_unknown, call::never, 0, false};
    by_end_.push_back(number);
  }
  std::ranges::sort(by_end_, {}, [&](std::uint32_t number) { return std::pair(taken[number].end, number); });
  for (std::uint32_t i = 0; i < by_end_.size(); ++i) taken[by_end_[i]].place = i;
  taken_ = std::move(taken);
}

// Not before another that is taken before this one's taking begins. One that never returned may never have been put;
// then nobody takes it, and its own end is never.
bool first_in_first_out::put(const call_view& call) {
  if (!taken_.empty()) {
    taking& own = taken_[call.number()];
    const std::size_t other = first_left_ != own.place ? first_left_ : [&] {
      std::size_t next = first_left_ + 1;
      while (next < by_end_.size() && taken_[by_end_[next]].is_put) ++next;
      return next;
    }();
    if (other < by_end_.size() && taken_[by_end_[other]].end < own.begin) return false;
    own.is_put = true;
    while (first_left_ < by_end_.size() && taken_[by_end_[first_left_]].is_put) ++first_left_;
  }
  const state_identity own = mixed(call.argument(0)), before = hashes_.back();
  values_.push_back(call.argument(0));
  hashes_.push_back({before.low * base_low + own.low, before.high * base_high + own.high});
  if (powers_.size() < hashes_.size())
    powers_.push_back({powers_.back().low * base_low, powers_.back().high * base_high});
  return true;
}

void first_in_first_out::take_back_put(const call_view& call) {
  values_.pop_back();
  hashes_.pop_back();
  if (taken_.empty()) return;
  taken_[call.number()].is_put = false;
  first_left_ = std::min<std::size_t>(first_left_, taken_[call.number()].place);
}

// Of the values that are in it: the hash of all minus that of those taken, moved on.
state_identity first_in_first_out::identity() const noexcept {
  const state_identity &all = hashes_.back(), &gone = hashes_[front_], &power = powers_[size()];
  return {all.low - gone.low * power.low, all.high - gone.high * power.high + size()};
}

}  // namespace ravel::checks::detail
