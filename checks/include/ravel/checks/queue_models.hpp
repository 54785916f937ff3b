// SPDX-License-Identifier: MIT
// Sequential models of queues: first in first out, last in first out, by priority. put(value) -> nothing, or true, or
// false when it is full; take() -> value, or nothing or an exception when it is empty. Names can be others.
// Thread safety: none. Cost: O(1) a step; by priority O(log size).
#pragma once

#include <ravel/checks/model_stepper.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace ravel::checks {

struct queue_names {
  const char *put = "put", *take = "take";
  std::size_t capacity = ~std::size_t{0};
};

namespace detail {

// What the three share: full, empty, and whether the result is right; the order is Order's.
template <class Order>
class queue_model {
 public:
  queue_model() = default;
  explicit queue_model(const queue_names& names) : names_(names) {}

  [[nodiscard]] bool step(const call_view& call) {
    if (call.is(names_.put)) return put(call);
    if (!call.is(names_.take)) return false;
    const bool is_empty = order_.size() == 0;
    if (is_empty && !call.is_pending() && !call.result().is_nothing() && !call.result().is_thrown()) return false;
    if (!is_empty && !call.gave(order_.next())) return false;
    if (!is_empty) order_.take();
    is_change_.push_back(!is_empty);
    return true;
  }
  // invariant: is_change_ has an entry for each step
  void undo(const call_view& call) {
    const bool is_change = is_change_.back();
    is_change_.pop_back();
    if (!is_change) return;
    if (call.is(names_.put))
      order_.take_back_put(call);
    else
      order_.take_back_take();
  }
  void prepare(const history& of, const std::vector<std::uint32_t>& calls)
    requires requires(Order& order, const queue_names& names) { order.prepare(of, calls, names); }
  {
    order_.prepare(of, calls, names_);
  }
  [[nodiscard]] std::uint64_t rank(const call_view& call) const
    requires requires(const Order& order) { order.rank(call); }
  {
    return order_.rank(call);
  }
  [[nodiscard]] bool changes_nothing(const call_view& call) const {
    if (call.is(names_.put)) return call.result() == value::of(false);
    return call.result().is_nothing() || call.result().is_thrown();
  }
  [[nodiscard]] state_identity identity() const noexcept { return order_.identity(); }
  [[nodiscard]] std::optional<value> right_result(const call_view& call) const {
    if (call.is(names_.put)) return order_.size() >= names_.capacity ? value::of(false) : value{};
    return order_.size() == 0 ? value{} : order_.next();
  }

 private:
  [[nodiscard]] bool put(const call_view& call) {
    const bool is_full = order_.size() >= names_.capacity;
    if (is_full ? !call.gave(value::of(false)) : !call.gave_or_is_void(value::of(true))) return false;
    if (!is_full && !order_.put(call)) return false;
    is_change_.push_back(!is_full);
    return true;
  }

  queue_names names_;
  Order order_;
  std::vector<bool> is_change_;
};

[[nodiscard]] inline state_identity mixed(const value& one) noexcept {
  std::uint64_t x = static_cast<std::uint64_t>(one.bits) * 4 + static_cast<std::uint64_t>(one.shape) + 1;
  x = (x ^ x >> 31) * 0x9E3779B97F4A7C15ull;
  x = (x ^ x >> 29) * 0xBF58476D1CE4E5B9ull;
  return {x ^ x >> 32, (x ^ x >> 27) * 0x94D049BB133111EBull};
}

class last_in_first_out {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  [[nodiscard]] const value& next() const noexcept { return values_.back(); }
  [[nodiscard]] bool put(const call_view& call) { return push(call.argument(0)), true; }
  void take() {
    taken_.push_back(values_.back());
    pop();
  }
  void take_back_put(const call_view& /*call*/) { pop(); }
  void take_back_take() {
    push(taken_.back());
    taken_.pop_back();
  }
  [[nodiscard]] state_identity identity() const noexcept { return hashes_.empty() ? state_identity{} : hashes_.back(); }

 private:
  void push(const value& one) {
    const state_identity below = identity(), own = mixed(one);
    values_.push_back(one);
    hashes_.push_back({(below.low + own.low) * 0x9E3779B97F4A7C15ull ^ below.high >> 31,
                       (below.high ^ own.high) * 0xD6E8FEB86659FD93ull + (below.low >> 29) + values_.size()});
  }
  void pop() {
    values_.pop_back();
    hashes_.pop_back();
  }

  std::vector<value> values_, taken_;
  std::vector<state_identity> hashes_;
};

// The smallest value first, or the largest. Values are compared as numbers.
template <bool is_largest_first>
class by_priority {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] value next() const noexcept {
    const std::int64_t number = is_largest_first ? count_.rbegin()->first : count_.begin()->first;
    return value::of(number);
  }
  [[nodiscard]] bool put(const call_view& call) { return add(call.argument(0).bits), true; }
  void take() {
    taken_.push_back(next().bits);
    remove(taken_.back());
  }
  void take_back_put(const call_view& call) { remove(call.argument(0).bits); }
  void take_back_take() {
    add(taken_.back());
    taken_.pop_back();
  }
  [[nodiscard]] state_identity identity() const noexcept { return sum_; }

 private:
  void add(std::int64_t number) {
    const state_identity own = mixed(value::of(number));
    sum_.low += own.low;
    sum_.high += own.high;
    ++count_[number];
    ++size_;
  }
  void remove(std::int64_t number) {
    const state_identity own = mixed(value::of(number));
    sum_.low -= own.low;
    sum_.high -= own.high;
    const auto place = count_.find(number);
    if (--place->second == 0) count_.erase(place);
    --size_;
  }

  std::map<std::int64_t, std::size_t> count_;
  std::size_t size_ = 0;
  std::vector<std::int64_t> taken_;
  state_identity sum_;  // of the values' own
};

// Values that are put once each are put in the order in which they are taken: without that an order of two puts that is
// wrong shows only when they are taken, and all between is tried again and again. Source: Henzinger, Sezgin, Vafeiadis
// 2013 (aspect-oriented proofs), of whose conditions this is the one about two values.
class first_in_first_out {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return values_.size() - front_; }
  [[nodiscard]] const value& next() const noexcept { return values_[front_]; }
  [[nodiscard]] bool put(const call_view& call);
  void take() { ++front_; }
  void take_back_put(const call_view& call);
  void take_back_take() { --front_; }
  [[nodiscard]] state_identity identity() const noexcept;
  void prepare(const history& of, const std::vector<std::uint32_t>& calls, const queue_names& names);
  [[nodiscard]] std::uint64_t rank(const call_view& call) const noexcept {
    return call.number() < taken_.size() ? taken_[call.number()].end : 0;
  }

 private:
  struct taking {
    std::uint64_t begin = 0, end = 0;  // of the call that takes what this one puts
    std::uint32_t place = 0;           // in by_end_
    bool is_put = false;
  };

  std::vector<value> values_;  // all that were put; those before front_ are taken
  std::size_t front_ = 0;
  std::vector<state_identity> hashes_ = {{}};  // of the first n of them
  std::vector<state_identity> powers_ = {{1, 1}};
  std::vector<taking> taken_;          // by the putting call's number; empty: values are not told apart
  std::vector<std::uint32_t> by_end_;  // putting calls, by the end of the taking one
  std::size_t first_left_ = 0;         // of by_end_: all before have been put
};

}  // namespace detail

using fifo_model = detail::queue_model<detail::first_in_first_out>;
using lifo_model = detail::queue_model<detail::last_in_first_out>;
using smallest_first_model = detail::queue_model<detail::by_priority<false>>;
using largest_first_model = detail::queue_model<detail::by_priority<true>>;

}  // namespace ravel::checks
