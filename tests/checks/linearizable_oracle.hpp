// SPDX-License-Identifier: MIT
// Small random histories of each ready model's kind, and an oracle that tries all orders of their calls. It shares
// nothing with the checker: its models are the standard containers. Pure functions of the seed.
#pragma once

#include <ravel/checks/history.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace oracle {

using ravel::checks::call;
using ravel::checks::history;
using ravel::checks::value;

enum class kind { reg, counter, map, set, fifo, lifo, smallest_first, mutex, semaphore };
inline constexpr kind kinds[] = {kind::reg,  kind::counter,        kind::map,   kind::set,      kind::fifo,
                                 kind::lifo, kind::smallest_first, kind::mutex, kind::semaphore};

struct state {
  std::map<std::int64_t, std::int64_t> numbers;  // register and counter at 0
  std::deque<std::int64_t> queue;
  std::int64_t count = 2;    // of the semaphore
  std::int64_t holder = -1;  // of the mutex
};

// What the call gives; none: it cannot come next. "empty" is thrown by every other thread's take.
inline std::optional<value> run(kind of, state& now, history& names, const call& one) {
  const std::string& name = names.operations[one.operation];
  const std::int64_t first = one.argument[0].bits, second = one.argument[1].bits;
  const auto number = [](std::int64_t n) { return value::of(n); };
  switch (of) {
    case kind::reg:
      if (name == "read") return number(now.numbers[0]);
      if (name == "write") return now.numbers[0] = first, value{};
      if (now.numbers[0] != first) return value::of(false);
      return now.numbers[0] = second, value::of(true);
    case kind::counter:
      if (name == "get") return number(now.numbers[0]);
      now.numbers[0] += first;
      return number(now.numbers[0] - first);
    case kind::map:
    case kind::set: {
      const auto place = now.numbers.find(first);
      const bool is_in = place != now.numbers.end();
      if (name == "get") return is_in ? number(place->second) : value{};
      if (name == "contains") return value::of(is_in);
      if (name == "erase") return now.numbers.erase(first), value::of(is_in);
      return now.numbers[first] = second, value::of(!is_in);
    }
    case kind::fifo:
    case kind::lifo:
    case kind::smallest_first: {
      if (name == "put") return now.queue.push_back(first), value{};
      if (now.queue.empty()) return one.thread % 2 == 0 ? value{} : names.thrown("empty");
      auto taken = now.queue.begin();
      if (of == kind::lifo) taken = now.queue.end() - 1;
      if (of == kind::smallest_first) taken = std::ranges::min_element(now.queue);
      const value result = number(*taken);
      now.queue.erase(taken);
      return result;
    }
    case kind::mutex:
      if (name == "try_lock") {
        if (now.holder >= 0) return value::of(false);
        return now.holder = one.thread, value::of(true);
      }
      if (name == "lock" ? now.holder >= 0 : now.holder != one.thread) return std::nullopt;
      return now.holder = name == "lock" ? std::int64_t{one.thread} : -1, value{};
    case kind::semaphore:
      if (name == "release") return ++now.count, value{};
      if (name == "try_acquire") return now.count == 0 ? value::of(false) : (--now.count, value::of(true));
      if (now.count == 0) return std::nullopt;
      return --now.count, value{};
  }
  return std::nullopt;
}

inline std::vector<const char*> operations_of(kind of) {
  switch (of) {
    case kind::reg: return {"read", "write", "cas"};
    case kind::counter: return {"add", "get"};
    case kind::map: return {"put", "get", "erase"};
    case kind::set: return {"insert", "contains", "erase"};
    case kind::mutex: return {"lock", "try_lock", "unlock"};
    case kind::semaphore: return {"acquire", "try_acquire", "release"};
    default: return {"put", "take"};
  }
}

inline std::uint32_t argument_count(const std::string& name, kind of) {
  if (name == "cas" || (name == "put" && of == kind::map)) return 2;
  const bool has_one =
      name == "write" || name == "add" || name == "put" || of == kind::set || (of == kind::map && name != "put");
  return has_one ? 1 : 0;
}

// Results are those of a random order that the times allow; then, of most of them, one is changed.
inline history random_history(kind of, std::mt19937_64& rng) {
  const auto pick = [&](std::uint64_t low, std::uint64_t high) { return low + rng() % (high - low + 1); };
  history made;
  const std::uint64_t threads = pick(2, 3), count = pick(2, 6);
  std::vector<std::uint64_t> time(threads, 0);
  std::vector<bool> is_over(threads, false);
  for (std::uint64_t i = 0; i < threads; ++i) static_cast<void>(made.thread_named("client#" + std::to_string(i)));
  const std::vector<const char*> names = operations_of(of);
  for (std::uint64_t i = 0; i < count; ++i) {
    call one;
    one.thread = static_cast<std::uint32_t>(pick(0, threads - 1));
    if (is_over[one.thread]) continue;
    one.operation = made.operation_named(names[pick(0, names.size() - 1)]);
    one.argument_count = argument_count(made.operations[one.operation], of);
    for (std::uint32_t j = 0; j < one.argument_count; ++j)
      one.argument[j] = value::of(static_cast<std::int64_t>(pick(j == 0 ? 0 : 5, j == 0 ? 2 : 6)));
    one.invoked = time[one.thread] + pick(0, 6);
    one.returned = one.invoked + pick(1, 10);
    time[one.thread] = one.returned + pick(1, 2);
    if (pick(1, 7) == 1) {
      one.returned = call::never;
      is_over[one.thread] = true;
    }
    made.calls.push_back(one);
  }
  // In the order of a random moment within each.
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < made.calls.size(); ++i) {
    const call& one = made.calls[i];
    order.emplace_back(2 * one.invoked + pick(0, one.is_pending() ? 20 : 2 * (one.returned - one.invoked)), i);
  }
  std::ranges::sort(order);
  state now;
  for (const auto& [when, i] : order) {
    call& one = made.calls[i];
    const std::optional<value> result = run(of, now, made, one);
    if (!result) one.returned = call::never;  // it would wait
    if (!one.is_pending()) one.result = *result;
  }
  // One that waits is its thread's last.
  std::vector<bool> waits(threads, false);
  std::erase_if(made.calls, [&](const call& one) {
    if (waits[one.thread]) return true;
    waits[one.thread] = one.is_pending();
    return false;
  });
  if (!made.calls.empty() && pick(0, 9) != 0) {
    call& one = made.calls[pick(0, made.calls.size() - 1)];
    if (one.result.shape == value::form::boolean)
      one.result.bits ^= 1;
    else if (one.result.shape == value::form::number)
      one.result.bits = static_cast<std::int64_t>(pick(0, 6));
    else if (!one.is_pending() && made.operations[one.operation] == "take")
      one.result = value::of(std::int64_t{1});
  }
  return made;
}

// All orders of all completed calls with any of the pending ones.
inline bool is_linearizable(kind of, history& given) {
  std::vector<std::size_t> pending, completed;
  for (std::size_t i = 0; i < given.calls.size(); ++i) (given.calls[i].is_pending() ? pending : completed).push_back(i);
  for (std::size_t chosen = 0; chosen < std::size_t{1} << pending.size(); ++chosen) {
    std::vector<std::size_t> order = completed;
    for (std::size_t i = 0; i < pending.size(); ++i)
      if ((chosen >> i & 1) != 0) order.push_back(pending[i]);
    std::ranges::sort(order);
    do {
      bool is_right = true;
      for (std::size_t i = 0; i < order.size() && is_right; ++i)
        for (std::size_t j = i + 1; j < order.size() && is_right; ++j)
          is_right = given.calls[order[j]].returned >= given.calls[order[i]].invoked;
      state now;
      for (std::size_t i = 0; i < order.size() && is_right; ++i) {
        const call& one = given.calls[order[i]];
        const std::optional<value> result = run(of, now, given, one);
        is_right = result.has_value() && (one.is_pending() || *result == one.result);
      }
      if (is_right) return true;
    } while (std::ranges::next_permutation(order).found);
  }
  return false;
}

}  // namespace oracle
