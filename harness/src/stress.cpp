// SPDX-License-Identifier: MIT
// See ravel/stress.hpp: options and environment in, a supervised run, a report out.
#include <ravel/stress.hpp>

#include "supervised_run.hpp"

#include <ravel/environment.hpp>
#include <ravel/usage_error.hpp>

namespace ravel {

namespace detail {

namespace {

void refuse_impossible(const stress_options& options) {
  if (options.rounds == 0) throw usage_error("rounds = 0: no round would run; write .rounds = 1 or more.");
  if (!(options.seconds > 0))
    throw usage_error("seconds = " + std::to_string(options.seconds) + ": write a time budget above 0.");
  if (!(options.round_limit > 0))
    throw usage_error("round_limit = " + std::to_string(options.round_limit) +
                      ": write the seconds after which a round that does not end is a hang, above 0.");
  const noise_options& noise = options.noise;
  if (noise.yields_per_1000 + noise.sleeps_per_1000 + noise.migrations_per_1000 > 1000)
    throw usage_error("noise: yields, sleeps and migrations add up to more than 1000 per 1000 places.");
}

stress_options resolve(stress_options options, const environment& asked) {
  if (asked.rounds) options.rounds = *asked.rounds;
  if (asked.seconds) options.seconds = *asked.seconds;
  if (asked.seed) options.seed = *asked.seed;
  if (asked.isolation) options.isolation = *asked.isolation;
  if (asked.replay) options.seed = asked.replay->seed;
  if (asked.replay && asked.replay->strategy != "stress")
    throw usage_error("RAVEL_REPLAY=" + to_string(*asked.replay) +
                      " is from explore mode: run it in the explore lane, or set RAVEL_MODE=explore.");
  refuse_impossible(options);
  return options;
}

}  // namespace

}  // namespace detail

report stress(stress_options options, const body& body) {
  if (!body) throw usage_error("stress(): the body is empty; give a function that takes ravel::trial&.");
  const environment asked = read_environment();
  options = detail::resolve(std::move(options), asked);
  detail::check_before_run(asked, options.suppressions);
  if (asked.replay && asked.replay->test_case != hash_of_test_case(options.name))
    return detail::passed_over(options.name, "stress", options.seed, asked);
  detail::supervised_run run(options, asked, body, nullptr);
  run.go();
  report result = run.make_report();
  detail::finish_report(result);
  return result;
}

}  // namespace ravel
