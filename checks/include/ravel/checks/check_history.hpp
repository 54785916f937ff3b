// SPDX-License-Identifier: MIT
// Is there an order of a history's calls in which a sequential model gives each of them its result? A call that ended
// before another began stays before it; one that never returned may have taken effect or not.
// Thread safety: none; pure functions of what they are given. Cost: a step for each call of a history that is right and
// not ambiguous; else up to the budget. Memory: see search_budget.
// Source: Wing & Gong 1993; Lowe 2017 (memoisation, undo); Horn & Kroening 2015 (partition). Differs: what has been put
// in order is kept as a position in each chain of calls that follow each other, which is exact and short.
#pragma once

#include <ravel/checks/history.hpp>
#include <ravel/checks/model_stepper.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace ravel::checks {

enum class condition : std::uint8_t {
  linearizable,
  sequential,  // only the order of each thread's own calls stays
  quiescent,   // only what is separated by a moment without calls in flight stays in order
};

struct search_budget {
  std::uint64_t steps = 20'000'000;
  double seconds = 10;
  std::size_t bytes = std::size_t{256} << 20;  // for what has been seen already; is never passed
};

struct check_options {
  checks::condition condition = condition::linearizable;
  search_budget budget = {};
  bool is_partitioned = true;  // where the model can be
  bool remembers = true;       // what has been seen; without it the search is Wing and Gong's plain one
};

enum class answer : std::uint8_t { holds, fails, undecided };

// A call that could have come next after the longest prefix, and why it did not.
struct misfit {
  std::uint32_t call = 0;
  std::string right_result;  // empty: not known
};

struct judgement {
  checks::answer answer = answer::undecided;
  // Calls in an order that the model allows: all of them, or the longest beginning that was found. Of a partitioned
  // history that fails only the part that does.
  std::vector<std::uint32_t> order;
  std::vector<misfit> misfits;  // when it fails; the first had to come next
  std::uint64_t steps = 0;
  std::size_t bytes = 0;  // most in use at once
  std::string reason;     // why undecided
};

// Searches among those calls. The stepper stands at its initial state.
[[nodiscard]] judgement search(const history& history, const std::vector<std::uint32_t>& calls, stepper& model,
                               const check_options& options);

// Numbers of calls by part; a model without partition has one.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> parts_of(
    const history& history, const std::function<std::optional<value>(const call_view&)>& part);

// The model: one in its initial state, or, if it cannot be copied, a function that makes one. Throws
// std::invalid_argument for a history whose calls cannot have happened so.
template <class Model>
[[nodiscard]] judgement check_history(const history& history, const Model& model, const check_options& options = {}) {
  using state = model_of<Model>;
  static_assert(sequential_model<state>, "a model has bool step(const ravel::checks::call_view&)");
  std::function<std::optional<value>(const call_view&)> part;
  if constexpr (partitioned_model<state>)
    if (options.is_partitioned && options.condition != condition::sequential)
      part = [](const call_view& one) -> std::optional<value> { return state::part(one); };
  judgement all;
  all.answer = answer::holds;
  for (const std::vector<std::uint32_t>& calls : parts_of(history, part)) {
    model_stepper<Model> steps{history, model};
    if constexpr (preparing_model<state>)
      if (options.condition == condition::linearizable) steps.prepare(calls);
    judgement one = search(history, calls, steps, options);
    one.steps += all.steps;
    if (one.bytes < all.bytes) one.bytes = all.bytes;
    if (one.answer != answer::holds) return one;
    all.steps = one.steps;
    all.bytes = one.bytes;
    all.order.insert(all.order.end(), one.order.begin(), one.order.end());
  }
  return all;
}

}  // namespace ravel::checks
