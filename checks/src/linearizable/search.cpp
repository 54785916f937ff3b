// SPDX-License-Identifier: MIT
// The search of ravel/checks/check_history.hpp, without recursion. What has been put in order is a position in each
// chain; together with the model's state it is remembered, so that no situation is walked from twice. A call that fits
// and never changes anything is put in order at once, without another try: in any order that begins so it can be moved
// here. Not thread safe. Cost: O(chains) a step beside the model's; 4 bytes a chain and some 40 more a situation.
#include "chains.hpp"
#include "situations.hpp"

#include <ravel/checks/check_history.hpp>

#include <algorithm>
#include <chrono>

namespace ravel::checks {

namespace {

class searcher {
 public:
  searcher(const history& history, const std::vector<std::uint32_t>& calls, stepper& model,
           const check_options& options)
      : history_(history),
        model_(model),
        options_(options),
        chains_(detail::chains_of(history, calls, options.condition)),
        position_(chains_.size(), 0),
        known_(chains_.size(), options.budget.bytes),
        remembers_(options.remembers && model.has_identity()),
        is_idle_(history.calls.size(), false) {
    for (const std::uint32_t one : calls)
      if (!history.calls[one].is_pending()) {
        ++left_;
        is_idle_[one] = options.remembers && model.changes_nothing(one);
      }
  }

  judgement run() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(options_.budget.seconds);
    open();
    while (left_ != 0 && result_.reason.empty()) {
      if (frames_.back().next == candidates_.size()) {
        keep_longest();
        if (!close()) break;
        continue;
      }
      if (++result_.steps >= options_.budget.steps)
        result_.reason = "the budget of " + std::to_string(options_.budget.steps) + " steps is spent";
      if (result_.steps % 256 == 0 && std::chrono::steady_clock::now() >= until)
        result_.reason = "the time for it is spent";
      go_on(candidates_[frames_.back().next++]);
    }
    return finish();
  }

 private:
  struct frame {
    std::size_t first, next;  // in candidates_
  };

  [[nodiscard]] bool is_at_end(std::size_t chain) const { return position_[chain] == chains_[chain].size(); }
  [[nodiscard]] const detail::link& head(std::size_t chain) const { return chains_[chain][position_[chain]]; }

  // The calls that may come next: those that no other's end comes before.
  void open() {
    frames_.push_back({candidates_.size(), candidates_.size()});
    std::uint64_t first_end = call::never;
    for (std::size_t chain = 0; chain < chains_.size(); ++chain)
      if (!is_at_end(chain)) first_end = std::min(first_end, head(chain).end);
    for (std::size_t chain = 0; chain < chains_.size(); ++chain)
      if (!is_at_end(chain) && head(chain).begin <= first_end) candidates_.push_back(static_cast<std::uint32_t>(chain));
    const auto first = candidates_.begin() + static_cast<std::ptrdiff_t>(frames_.back().first);
    if (candidates_.end() - first < 2) return;
    ranked_.clear();
    for (auto one = first; one != candidates_.end(); ++one)
      ranked_.push_back({!is_idle_[head(*one).call], model_.rank(head(*one).call), head(*one).end, *one});
    std::ranges::sort(ranked_);
    std::ranges::transform(ranked_, first, [](const ranked& one) { return one.chain; });
  }

  // Back to before the call that led here. False: there was none.
  bool close() {
    candidates_.resize(frames_.back().first);
    frames_.pop_back();
    if (frames_.empty()) return false;
    take_back();
    return true;
  }

  void take_back() {
    model_.undo();
    const std::uint32_t chain = path_.back();
    path_.pop_back();
    kept_ = std::min(kept_, path_.size());
    known_.move(chain, position_[chain], position_[chain] - 1);
    --position_[chain];
    if (!history_.calls[head(chain).call].is_pending()) ++left_;
  }

  void go_on(std::uint32_t chain) {
    const std::uint32_t next = head(chain).call;
    if (!model_.step(next)) return;
    path_.push_back(chain);
    known_.move(chain, position_[chain], position_[chain] + 1);
    ++position_[chain];
    if (!history_.calls[next].is_pending()) --left_;
    if (is_idle_[next]) frames_.back().next = candidates_.size();
    if (remembers_) switch (known_.add(position_, model_.identity())) {
        case detail::situations::added::fresh: break;
        case detail::situations::added::known: return take_back();
        case detail::situations::added::full: result_.reason = "the memory for it is spent"; return;
      }
    if (left_ != 0) open();
  }

  // Only the part of the path that has changed since the last time is written.
  void keep_longest() {
    if (!longest_.empty() && path_.size() <= longest_.size()) return;
    longest_.resize(kept_);
    longest_.insert(longest_.end(), path_.begin() + static_cast<std::ptrdiff_t>(kept_), path_.end());
    kept_ = path_.size();
  }

  judgement finish() {
    const bool holds = left_ == 0;
    result_.bytes = known_.bytes();
    if (!result_.reason.empty() && !holds) {
      result_.answer = answer::undecided;
      keep_longest();
    } else {
      result_.answer = holds ? answer::holds : answer::fails;
    }
    std::ranges::fill(position_, 0);
    for (const std::uint32_t chain : holds ? path_ : longest_)
      result_.order.push_back(chains_[chain][position_[chain]++].call);
    if (result_.answer == answer::fails) find_misfits();
    return std::move(result_);
  }

  // The model stands at its initial state again.
  void find_misfits() {
    for (const std::uint32_t one : result_.order) static_cast<void>(model_.step(one));
    candidates_.clear();
    open();
    std::ranges::stable_sort(candidates_, {}, [this](std::uint32_t chain) { return head(chain).end; });
    for (const std::uint32_t chain : candidates_) {
      const std::uint32_t one = head(chain).call;
      if (model_.step(one))
        model_.undo();  // it fits, but leads no further
      else
        result_.misfits.push_back({one, model_.right_result(one)});
    }
  }

  struct ranked {
    bool is_change;
    std::uint64_t rank, end;
    std::uint32_t chain;
    friend auto operator<=>(const ranked&, const ranked&) = default;
  };

  const history& history_;
  stepper& model_;
  const check_options& options_;
  const std::vector<std::vector<detail::link>> chains_;
  std::vector<std::uint32_t> position_;  // by chain: how many of its calls are in order
  detail::situations known_;
  const bool remembers_;
  std::vector<bool> is_idle_;        // by call: it changes nothing wherever it fits
  std::size_t left_ = 0;             // completed calls that are not
  std::vector<std::uint32_t> path_;  // chains, by call
  std::vector<std::uint32_t> longest_;
  std::size_t kept_ = 0;  // so much of longest_ is still the path's
  std::vector<frame> frames_;
  std::vector<std::uint32_t> candidates_;
  std::vector<ranked> ranked_;
  judgement result_;
};

}  // namespace

judgement search(const history& history, const std::vector<std::uint32_t>& calls, stepper& model,
                 const check_options& options) {
  return searcher(history, calls, model, options).run();
}

}  // namespace ravel::checks
