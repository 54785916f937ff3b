// SPDX-License-Identifier: MIT
// One run of the user's body: declares threads by role and count, starts them together, joins them.
// Used from the thread that runs the body, except require, which any thread may call.
// Errors: usage_error for zero threads, a missing role name, run() without threads or from a worker.
#pragma once

#include <ravel/fuzz_input.hpp>
#include <ravel/invariant.hpp>
#include <ravel/outcome.hpp>
#include <ravel/site.hpp>
#include <ravel/worker.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace ravel {

class trial {
 public:
  using worker_body = std::function<void(worker&)>;

  class state;  // the harness's side
  explicit trial(state& state) noexcept : state_(state) {}
  trial(const trial&) = delete;
  trial& operator=(const trial&) = delete;

  // Declares `count` threads of a role for the next run(). The role names them in reports: "client#3". It is copied.
  // Nothing of it is inline: a test compiled with -fsanitize=thread would pay points for it.
  void threads(unsigned count, std::string_view role, worker_body body, site place = site::here());
  void threads(unsigned count, const char* role, worker_body body, site place = site::here());
  // One thread: the same as threads(1, role, body).
  void thread(std::string_view role, worker_body body, site place = site::here());
  void thread(const char* role, worker_body body, site place = site::here());

  // Starts all declared threads together through a gate, waits for all of them, and forgets them: a
  // further threads()/run() is the next phase. What is before run() happens before each thread's first
  // step, and each thread's last step before what follows.
  void run(site place = site::here());

  bool require(bool condition, const char* what, site place = site::here()) noexcept {
    return condition || fail(what, place);
  }
  template <class Left, class Right>
  bool require_equal(const Left& left, const Right& right, const char* what, site place = site::here()) {
    return left == right || fail_comparison(shown(left), shown(right), what, place);
  }

  // States what must hold until the object that this gives goes out of scope; see ravel/invariant.hpp. what: must live
  // as long as the trial does, as a literal does.
  template <std::predicate Predicate>
  invariant_in_force<Predicate> invariant(const char* what, Predicate predicate, invariant_options options = {},
                                          site place = site::here()) {
    return {std::move(predicate), [&](detail::standing_invariant& one) { begin_invariant(one, what, options, place); }};
  }

  // Counts what this trial came to; see ravel/outcome.hpp.
  template <class... Values>
    requires(sizeof...(Values) != 0)
  void outcome(const outcome_lists<detail::outcome_part<Values>...>& listed, const Values&... values) {
    const std::tuple<detail::outcome_part<Values>...> seen(values...);
    const auto rows_in = [](const auto& list) { return detail::rows_of(list.begin(), list.size()); };
    count_outcome(detail::rows_of(&seen, 1),
                  {{rows_in(listed.expected), rows_in(listed.interesting), rows_in(listed.forbidden)}, listed.place});
  }

  [[nodiscard]] std::uint64_t number() const noexcept;  // 1.. in this run
  // Random numbers for the body itself, from the run's seed and this trial's number.
  [[nodiscard]] std::int64_t pick(std::int64_t low, std::int64_t high);
  // In fuzz mode what this trial is to be made of, else null: see ravel/fuzz.hpp. Valid until the trial ends.
  [[nodiscard]] const fuzz_input* input() const noexcept;

 private:
  bool fail(const char* what, site place) noexcept;
  void begin_invariant(detail::standing_invariant& one, const char* what, const invariant_options& options, site place);
  void count_outcome(const detail::outcome_rows& seen, const detail::listed_outcomes& listed);
  bool fail_comparison(const shown& left, const shown& right, const char* what, site place) noexcept;

  state& state_;
};

using body = std::function<void(trial&)>;

}  // namespace ravel
