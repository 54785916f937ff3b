// SPDX-License-Identifier: MIT
// See ravel/explore.hpp: options and environment in, a supervised run under control, a report out.
#include <ravel/explore.hpp>

#include "explain.hpp"
#include "exploration.hpp"

#include "../run_hooks.hpp"
#include "../strategy/make_strategy.hpp"
#include "../supervised_run.hpp"

#include <ravel/environment.hpp>
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
  if (options.executions == 0) throw usage_error("executions = 0: nothing would run; write .executions = 1 or more.");
  if (!(options.seconds > 0))
    throw usage_error("seconds = " + std::to_string(options.seconds) + ": write a time budget above 0.");
  if (!(options.execution_limit > 0))
    throw usage_error("execution_limit = " + std::to_string(options.execution_limit) +
                      ": write the seconds after which an execution that does not end is a hang, above 0.");
  if (options.points == 0) throw usage_error("points = 0: write how many points an execution may pass, e.g. 100'000.");
  if (std::ranges::find(strategy_names(), options.strategy) == strategy_names().end())
    throw usage_error("strategy \"" + options.strategy + "\": there is none of this name; write one of " +
                      known_strategies() + ".");
  if (options.engine == engine_choice::user && !can_switch_contexts())
    throw usage_error(
        "the user engine cannot work here (it needs x86-64, and no Valgrind); leave RAVEL_ENGINE and .engine away, or "
        "write kernel.");
}

void follow_token(explore_options& options, const token& replay) {
  const std::string name = "RAVEL_REPLAY=" + to_string(replay);
  if (replay.strategy == "stress")
    throw usage_error(name + " is from stress mode: run it in the stress lane, or set RAVEL_MODE=stress.");
  if (replay.schedule.empty() && std::ranges::find(strategy_names(), replay.strategy) == strategy_names().end())
    throw usage_error(name + ": this version has no strategy \"" + replay.strategy + "\" (it has " +
                      known_strategies() + "); the token is another version's, or was changed.");
  options.seed = replay.seed;
  if (replay.schedule.empty()) options.strategy = replay.strategy;
}

explore_options resolve(explore_options options, const environment& asked) {
  if (asked.executions) options.executions = *asked.executions;
  if (asked.seconds) options.seconds = *asked.seconds;
  if (asked.seed) options.seed = *asked.seed;
  if (asked.isolation) options.isolation = *asked.isolation;
  if (asked.strategy) options.strategy = *asked.strategy;
  if (asked.engine) options.engine = *asked.engine;
  if (asked.replay) follow_token(options, *asked.replay);
  refuse_impossible(options);
  return options;
}

stress_options common_part(const explore_options& options) {
  stress_options common;
  common.name = options.name;
  common.rounds = options.executions;
  common.seconds = options.seconds;
  common.seed = options.seed;
  common.round_limit = options.execution_limit;
  common.isolation = options.isolation;
  common.rounds_per_batch = options.executions_per_batch;
  common.noise = {.automatic = false};
  common.memory_limit_mb = options.memory_limit_mb;
  common.may_be_undecided = options.may_be_undecided;
  common.is_program = options.is_program;
  common.without = options.without;
  common.suppressions = options.suppressions;
  return common;
}

engine_kind engine_for(engine_choice choice) {
  return choice != engine_choice::kernel && can_switch_contexts() ? engine_kind::user : engine_kind::kernel;
}

}  // namespace

}  // namespace detail

report explore(explore_options options, const body& body) {
  if (!body) throw usage_error("explore(): the body is empty; give a function that takes ravel::trial&.");
  const environment asked = read_environment();
  options = detail::resolve(std::move(options), asked);
  if (options.strategy == "dfs" && asked.shards > 1)
    throw usage_error(
        "strategy \"dfs\" cannot be divided among shards: each schedule follows from the one before; leave RAVEL_SHARD "
        "away for it, or take another strategy.");
  detail::check_before_run(asked, options.suppressions);
  if (asked.replay && asked.replay->test_case != hash_of_test_case(options.name))
    return detail::passed_over(options.name, "explore", options.seed, asked);
  const stress_options common = detail::common_part(options);
  detail::exploration explore(options);
  explore.engine = detail::engine_for(options.engine);
  explore.chosen = detail::make_strategy(explore.arena, options.strategy, options.preemptions);
  detail::supervised_run run(common, asked, body, &explore);
  run.go();
  report result = run.make_report();
  detail::explain_findings(run, explore, result);
  detail::finish_report(result);
  return result;
}

}  // namespace ravel
