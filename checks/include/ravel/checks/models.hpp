// SPDX-License-Identifier: MIT
// Ready sequential models: register, counter, map, set, mutex, semaphore here; queues in queue_models.hpp. Names of
// operations are those of the member functions below unless others are given; what returns nothing in the user's code
// may do so. Thread safety: none. Cost: O(1) a step; a map and a set are checked key by key.
#pragma once

#include <ravel/checks/model_stepper.hpp>
#include <ravel/checks/queue_models.hpp>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ravel::checks {

namespace detail {
[[nodiscard]] inline std::uint64_t word_of(const value& one) noexcept {
  return static_cast<std::uint64_t>(one.bits) ^ static_cast<std::uint64_t>(one.shape) << 60;
}
[[nodiscard]] inline state_identity identity_of(const value& one) noexcept {
  return {static_cast<std::uint64_t>(one.bits), static_cast<std::uint64_t>(one.shape)};
}
}  // namespace detail

// read() -> value; write(value); cas(expected, wanted) -> whether it was so. A pending read says nothing.
struct register_model {
  value now = value::of(std::int64_t{0});
  const char *read_name = "read", *write_name = "write", *cas_name = "cas";

  [[nodiscard]] bool step(const call_view& call) {
    if (call.is(read_name)) return call.gave(now);
    if (call.is(write_name)) {
      if (!call.gave_or_is_void(value::of(true))) return false;
      now = call.argument(0);
      return true;
    }
    if (!call.is(cas_name)) return false;
    const bool is_so = now == call.argument(0);
    if (!call.gave(value::of(is_so))) return false;
    if (is_so) now = call.argument(1);
    return true;
  }
  [[nodiscard]] bool changes_nothing(const call_view& call) const {
    return call.is(read_name) || call.result() == value::of(false);
  }
  [[nodiscard]] state_identity identity() const noexcept { return detail::identity_of(now); }
  [[nodiscard]] std::optional<value> right_result(const call_view& call) const {
    if (call.is(read_name)) return now;
    if (call.is(cas_name)) return value::of(now == call.argument(0));
    return value{};
  }
};

// add(n) or add() for 1 -> nothing, or what was there before; get() -> the sum.
struct counter_model {
  std::int64_t now = 0;
  const char *add_name = "add", *get_name = "get";
  bool gives_new = false;  // add gives what is there after it

  [[nodiscard]] bool step(const call_view& call) {
    if (call.is(get_name)) return call.gave(value::of(now));
    if (!call.is(add_name)) return false;
    const std::int64_t after = now + amount(call);
    if (!call.gave_or_is_void(value::of(gives_new ? after : now))) return false;
    now = after;
    return true;
  }
  [[nodiscard]] bool changes_nothing(const call_view& call) const { return call.is(get_name); }
  [[nodiscard]] state_identity identity() const noexcept { return {static_cast<std::uint64_t>(now), 0}; }
  [[nodiscard]] std::optional<value> right_result(const call_view& call) const {
    if (call.is(add_name) && gives_new) return value::of(now + amount(call));
    return value::of(now);
  }

 private:
  static std::int64_t amount(const call_view& call) {
    return call.call().argument_count == 0 ? 1 : call.argument(0).bits;
  }
};

namespace detail {
// Values by key, and an identity that each change carries on.
class keyed_values {
 public:
  [[nodiscard]] value at(const value& key) const {
    const auto place = values_.find(word_of(key));
    return place == values_.end() ? value{} : place->second;
  }
  // nothing: from now on it is not there
  void set(const value& key, const value& now) {
    const std::uint64_t word = word_of(key);
    before_.push_back(at(key));
    write(word, before_.back(), now);
  }
  void undo(const value& key) {
    write(word_of(key), at(key), before_.back());
    before_.pop_back();
  }
  [[nodiscard]] state_identity identity() const noexcept { return sum_; }

 private:
  void write(std::uint64_t word, const value& old, const value& now) {
    add(word, old, ~std::uint64_t{0});  // minus
    add(word, now, 1);
    if (now.is_nothing())
      values_.erase(word);
    else
      values_[word] = now;
  }
  void add(std::uint64_t word, const value& one, std::uint64_t sign) noexcept {
    if (one.is_nothing()) return;
    const state_identity own = mixed({one.shape, static_cast<std::int64_t>(word * 0xBF58476D1CE4E5B9ull) ^ one.bits});
    const state_identity key = mixed({value::form::number, static_cast<std::int64_t>(word)});
    sum_.low += sign * (own.low ^ key.high);
    sum_.high += sign * (own.high ^ key.low);
  }

  std::unordered_map<std::uint64_t, value> values_;
  std::vector<value> before_;
  state_identity sum_;
};
}  // namespace detail

// put(key, value) -> nothing, or whether the key is new; get(key) -> value or nothing; erase(key) -> nothing, or
// whether it was there.
struct map_model {
  const char *put_name = "put", *get_name = "get", *erase_name = "erase";

  [[nodiscard]] static std::optional<value> part(const call_view& call) { return call.argument(0); }
  [[nodiscard]] bool step(const call_view& call) {
    const value now = values.at(call.argument(0));
    const bool is_put = call.is(put_name);
    if (call.is(get_name)) {
      if (!call.gave(now)) return false;
      values.set(call.argument(0), now);
      return true;
    }
    if (!is_put && !call.is(erase_name)) return false;
    if (!call.gave_or_is_void(value::of(is_put == now.is_nothing()))) return false;
    values.set(call.argument(0), is_put ? call.argument(1) : value{});
    return true;
  }
  void undo(const call_view& call) { values.undo(call.argument(0)); }
  [[nodiscard]] bool changes_nothing(const call_view& call) const { return call.is(get_name); }
  [[nodiscard]] state_identity identity() const noexcept { return values.identity(); }
  [[nodiscard]] std::optional<value> right_result(const call_view& call) const {
    const value now = values.at(call.argument(0));
    return call.is(get_name) ? now : value::of(call.is(put_name) == now.is_nothing());
  }

  detail::keyed_values values = {};
};

// insert(key) -> nothing, or whether it is new; erase(key) -> nothing, or whether it was there; contains(key) -> bool.
struct set_model {
  const char *insert_name = "insert", *erase_name = "erase", *contains_name = "contains";

  [[nodiscard]] static std::optional<value> part(const call_view& call) { return call.argument(0); }
  [[nodiscard]] bool step(const call_view& call) {
    const bool is_in = !values.at(call.argument(0)).is_nothing(), is_insert = call.is(insert_name);
    const bool is_question = call.is(contains_name);
    if (is_question ? !call.gave(value::of(is_in)) : !call.gave_or_is_void(value::of(is_insert != is_in))) return false;
    if (!is_question && !is_insert && !call.is(erase_name)) return false;
    values.set(call.argument(0), (is_question ? is_in : is_insert) ? value::of(true) : value{});
    return true;
  }
  void undo(const call_view& call) { values.undo(call.argument(0)); }
  [[nodiscard]] bool changes_nothing(const call_view& call) const {
    return call.is(contains_name) || call.result() == value::of(false);
  }
  [[nodiscard]] state_identity identity() const noexcept { return values.identity(); }
  [[nodiscard]] std::optional<value> right_result(const call_view& call) const {
    const bool is_in = !values.at(call.argument(0)).is_nothing();
    return value::of(call.is(insert_name) ? !is_in : is_in);
  }

  detail::keyed_values values = {};
};

// lock(); try_lock() -> bool; unlock() by who holds it. A lock that never returned may have been given or not.
struct mutex_model {
  std::int64_t holder = -1;  // a thread's number
  const char *lock_name = "lock", *try_lock_name = "try_lock", *unlock_name = "unlock";

  [[nodiscard]] bool step(const call_view& call) {
    const auto self = static_cast<std::int64_t>(call.thread());
    if (call.is(try_lock_name)) {
      if (!call.gave(value::of(holder < 0))) return false;
      if (holder < 0) holder = self;
      return true;
    }
    const bool is_lock = call.is(lock_name);
    if ((!is_lock && !call.is(unlock_name)) || holder != (is_lock ? -1 : self) || call.result().is_thrown())
      return false;
    holder = is_lock ? self : -1;
    return true;
  }
  [[nodiscard]] bool changes_nothing(const call_view& call) const {
    return call.is(try_lock_name) && call.result() == value::of(false);
  }
  [[nodiscard]] state_identity identity() const noexcept { return {static_cast<std::uint64_t>(holder), 0}; }
  [[nodiscard]] std::optional<value> right_result(const call_view& call) const {
    if (call.is(try_lock_name)) return value::of(holder < 0);
    return std::nullopt;
  }
};

// acquire(); try_acquire() -> bool; release() or release(n).
struct semaphore_model {
  std::int64_t count = 0;
  const char *acquire_name = "acquire", *try_acquire_name = "try_acquire", *release_name = "release";

  [[nodiscard]] bool step(const call_view& call) {
    if (call.is(release_name)) {
      if (call.result().is_thrown()) return false;
      count += call.call().argument_count == 0 ? 1 : call.argument(0).bits;
      return true;
    }
    if (call.is(try_acquire_name)) {
      if (!call.gave(value::of(count > 0))) return false;
    } else if (!call.is(acquire_name) || count == 0 || call.result().is_thrown()) {
      return false;
    }
    if (count > 0) --count;
    return true;
  }
  [[nodiscard]] bool changes_nothing(const call_view& call) const {
    return call.is(try_acquire_name) && call.result() == value::of(false);
  }
  [[nodiscard]] state_identity identity() const noexcept { return {static_cast<std::uint64_t>(count), 0}; }
  [[nodiscard]] std::optional<value> right_result(const call_view& call) const {
    if (call.is(try_acquire_name)) return value::of(count > 0);
    return std::nullopt;
  }
};

}  // namespace ravel::checks
