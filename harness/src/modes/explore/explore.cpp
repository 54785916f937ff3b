// SPDX-License-Identifier: MIT
// See ravel/explore.hpp: options and environment in, a supervised run under control, a report out.
#include <ravel/explore.hpp>
#include <ravel/regression.hpp>

#include "base/mode_names.hpp"
#include "controlled_run.hpp"
#include "exploration.hpp"
#include "explore_mode.hpp"
#include "process/refuse_impossible.hpp"
#include "process/supervised_run.hpp"
#include "report/sinks.hpp"
#include "strategy/make_strategy.hpp"

#include <ravel/environment.hpp>
#include <ravel/run_test.hpp>
#include <ravel/token.hpp>
#include <ravel/usage_error.hpp>

#include <algorithm>

namespace ravel {

namespace detail {

namespace {

std::string known_strategies() {
  std::string list;
  for (const std::string& name : strategy_names()) list += (list.empty() ? "" : ", ") + name;
  return list;
}

void refuse_impossible(const explore_options& options) {
  refuse_impossible(run_options_of(options), "executions", "execution_limit");
  if (!(options.hold_up >= 0 && options.hold_up <= 1e9))
    throw usage_error("hold_up = " + std::to_string(options.hold_up) +
                      ": write for how many seconds a machine may hold a thread up, e.g. 0.1; 0: no wait ends early.");
  if (options.points == 0)
    throw usage_error("points = 0: write how many points an execution may pass, e.g. 1'000'000.");
  if (std::ranges::find(strategy_names(), options.strategy) == strategy_names().end())
    throw usage_error("strategy \"" + options.strategy + "\": there is none of this name; write one of " +
                      known_strategies() + ".");
  if (options.engine > engine_choice::kernel)
    throw usage_error("engine = " + std::to_string(static_cast<unsigned>(options.engine)) +
                      ": there is none of this number; write engine_choice::automatic, user or kernel.");
  if (options.engine == engine_choice::user && !can_switch_contexts())
    throw usage_error(
        "the user engine cannot work under Valgrind; leave RAVEL_ENGINE and .engine away, or write kernel.");
}

void follow_token(explore_options& options, const token& replay) {
  const std::string name = "RAVEL_REPLAY=" + to_string(replay);
  if (const std::string from = mode_of(&replay); from != "explore")
    throw usage_error(name + " is from " + from + " mode: run it in the " + from + " lane, or set RAVEL_MODE=" + from +
                      ".");
  if (replay.strategy == "fuzz")
    throw usage_error(name +
                      " is from a fuzz target, whose findings are shown again by the file of their input: give "
                      "that to the program that found it.");
  if (replay.schedule.empty() && std::ranges::find(strategy_names(), replay.strategy) == strategy_names().end())
    throw usage_error(name + ": this version has no strategy \"" + replay.strategy + "\" (it has " +
                      known_strategies() + "); the token is another version's, or was changed.");
  options.seed = replay.seed;
  if (replay.schedule.empty()) options.strategy = replay.strategy;
}

explore_options resolve(explore_options options, const environment& asked) {
  if (asked.executions) options.executions = *asked.executions;
  if (asked.seconds) options.seconds = *asked.seconds;
  if (asked.stop_after) options.stop_after = *asked.stop_after;
  if (asked.seed) options.seed = *asked.seed;
  if (asked.isolation) options.isolation = *asked.isolation;
  if (asked.strategy) options.strategy = *asked.strategy;
  if (asked.engine) options.engine = *asked.engine;
  if (asked.points) options.points = *asked.points;
  if (asked.hold_up) options.hold_up = *asked.hold_up;
  if (asked.has_spurious_wakeups) options.has_spurious_wakeups = *asked.has_spurious_wakeups;
  if (asked.has_early_timeouts) options.has_early_timeouts = *asked.has_early_timeouts;
  if (asked.has_failing_tries) options.has_failing_tries = *asked.has_failing_tries;
  if (asked.replay) follow_token(options, *asked.replay);
  refuse_impossible(options);
  return options;
}

report pass_over(const explore_options& options, std::uint64_t seed, const environment& asked) {
  exploration explore(options);
  return passed_over(options.name, explore_mode(explore), seed, asked);
}

[[maybe_unused]] const bool is_registered = register_mode(
    {"explore", false, [](const token& token) { return !is_mode_name(token.strategy); },
     [](const test_options& options, const body& body) { return ravel::explore(for_explore(options), body); }});

report run_exploration(const explore_options& options, const environment& asked, const body& body, bool is_regression) {
  exploration explore(options);
  explore.is_regression = is_regression;
  explore.chosen = make_strategy(explore.arena, options.strategy, options.preemptions);
  explore_mode mode(explore);
  return run_controlled({options, asked, body, explore, mode});
}

}  // namespace

}  // namespace detail

namespace {

report run_explore(explore_options options, const body& body) {
  if (!body) throw usage_error("explore(): the body is empty; give a function that takes ravel::trial&.");
  const environment asked = read_environment();
  options = detail::resolve(std::move(options), asked);
  if (options.strategy == "dfs" && asked.shards > 1)
    throw usage_error(
        "strategy \"dfs\" cannot be divided among shards: each schedule follows from the one before; leave RAVEL_SHARD "
        "away for it, or take another strategy.");
  detail::check_before_run(asked, options.suppressions);
  if (asked.replay && asked.replay->test_case != hash_of_test_case(options.name))
    return detail::pass_over(options, options.seed, asked);
  return detail::run_exploration(options, asked, body, false);
}

report run_regression(const std::string& token, const body& body, explore_options options) {
  if (!body) throw usage_error("regression(): the body is empty; give that of the test where the finding was made.");
  environment asked = read_environment();
  const ravel::token pinned = parse_token(token);
  if (options.name == explore_options().name) options.name = "regression " + token.substr(0, 7);
  if (asked.replay && to_string(*asked.replay) != to_string(pinned))
    return detail::pass_over(options, pinned.seed, asked);
  asked.replay = pinned;
  asked.strategy.reset();
  options = detail::resolve(std::move(options), asked);
  detail::check_before_run(asked, options.suppressions);
  return detail::run_exploration(options, asked, body, true);
}

}  // namespace

report explore(explore_options options, const body& body) {
  return detail::told(options.name, "explore", [&] { return run_explore(options, body); });
}

report regression(const std::string& token, const body& body, explore_options options) {
  return detail::told(options.name, "explore", [&] { return run_regression(token, body, options); });
}

}  // namespace ravel
