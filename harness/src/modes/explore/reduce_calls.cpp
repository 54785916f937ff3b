// SPDX-License-Identifier: MIT
// See reduce_calls.hpp.
#include "reduce_calls.hpp"

#include "minimise.hpp"
#include "single_switches.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace ravel::detail {

namespace {

constexpr std::size_t most_switches_tried = 40;  // for one call

class reducer {
 public:
  reducer(const reducible& execution, std::vector<scripted_switch> script)
      : execution_(execution), script_(std::move(script)) {}

  fewest_calls run(bool all_may_go) {
    fewest_calls result;
    while (retrace()) {
      if (calls_.size() < 2 || (!all_may_go && !std::ranges::all_of(calls_, &made_call::is_free))) break;
      const std::size_t before = gone_.size();
      leave_out_in_parts();
      if (gone_.size() == before && !leave_out_one_by_another_switch()) break;
      if (!execution_.may_go_on()) break;
    }
    leave_out(gone_);
    // Without a call a thread may come to one that it did not come to before.
    result.before = gone_.size() + others_than(gone_).size();
    result.left_out = std::move(gone_);
    result.script = std::move(script_);
    return result;
  }

 private:
  // What the script leads to without what is gone.
  [[nodiscard]] bool retrace() {
    leave_out(gone_);
    if (!execution_.is_traced(script_)) return false;
    calls_ = calls_of(*execution_.seen);
    return true;
  }

  void leave_out(const std::vector<made_call>& calls) const {
    std::vector<optional_call> which;
    for (const made_call& one : calls) which.push_back(one.which);
    execution_.leave_out(which);
  }

  [[nodiscard]] std::vector<made_call> others_than(const std::vector<made_call>& made) const {
    std::vector<made_call> others;
    for (const made_call& one : calls_)
      if (std::ranges::find(made, one) == made.end()) others.push_back(one);
    return others;
  }
  [[nodiscard]] std::vector<made_call> gone_and(const std::vector<made_call>& more) const {
    std::vector<made_call> all = gone_;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  [[nodiscard]] bool shows_with(const std::vector<made_call>& made) const {
    const std::vector<made_call> others = others_than(made);
    leave_out(gone_and(others));
    return execution_.shows(script_without(script_, others));
  }

  void leave_out_in_parts() {
    const std::vector<made_call> made = minimised(
        without_threads(), [&](const std::vector<made_call>& fewer) { return shows_with(fewer); },
        execution_.may_go_on);
    const std::vector<made_call> others = others_than(made);
    script_ = script_without(script_, others);
    gone_ = gone_and(others);
    calls_ = made;
  }

  // All calls of a thread at once.
  [[nodiscard]] std::vector<made_call> without_threads() const {
    std::vector<made_call> left = calls_;
    std::vector<std::uint64_t> threads;
    for (const made_call& one : left)
      if (std::ranges::find(threads, one.which.thread) == threads.end()) threads.push_back(one.which.thread);
    for (const std::uint64_t thread : threads) {
      std::vector<made_call> rest;
      std::ranges::copy_if(left, std::back_inserter(rest),
                           [&](const made_call& one) { return one.which.thread != thread; });
      if (rest.empty() || !execution_.may_go_on()) break;
      if (shows_with(rest)) left = std::move(rest);
    }
    return left;
  }

  // Its part in the script may have been no more than to come in between.
  [[nodiscard]] bool leave_out_one_by_another_switch() {
    for (const made_call& one : std::vector<made_call>(calls_)) {
      if (!execution_.may_go_on()) return false;
      leave_out(gone_and({one}));
      static_cast<void>(execution_.is_traced(script_without(script_, {one})));
      const switch_candidates candidates = single_switches(*execution_.seen);
      for (const scripted_switch& only :
           std::span(candidates.all).first(std::min(candidates.typical, most_switches_tried))) {
        if (!execution_.may_go_on()) return false;
        if (!execution_.shows({only})) continue;
        script_ = {only};
        gone_.push_back(one);
        return true;
      }
    }
    return false;
  }

  const reducible& execution_;
  std::vector<scripted_switch> script_;
  std::vector<made_call> calls_;  // that it makes
  std::vector<made_call> gone_;
};

}  // namespace

fewest_calls reduce_calls(const reducible& execution, std::vector<scripted_switch> script, bool all_may_go) {
  return reducer(execution, std::move(script)).run(all_may_go);
}

}  // namespace ravel::detail
