// SPDX-License-Identifier: MIT
// See ravel/stress.hpp: options and environment in, a supervised run, a report out.
#include <ravel/stress.hpp>

#include "base/mode_names.hpp"
#include "meet_races.hpp"
#include "process/refuse_impossible.hpp"
#include "process/request_to_end.hpp"
#include "process/supervised_run.hpp"
#include "report/sinks.hpp"
#include "stress_mode.hpp"

#include <ravel/environment.hpp>
#include <ravel/run_test.hpp>
#include <ravel/usage_error.hpp>

namespace ravel {

namespace detail {

namespace {

void refuse_impossible(const noise_options& noise) {
  if (std::uint64_t{noise.yields_per_1000} + noise.sleeps_per_1000 + noise.migrations_per_1000 > 1000)
    throw usage_error("noise: yields, sleeps and migrations add up to more than 1000 per 1000 places.");
  if (noise.longest_sleep_us > 1'000'000)
    throw usage_error("noise: longest_sleep_us = " + std::to_string(noise.longest_sleep_us) +
                      ": write microseconds, and no more than a second (1'000'000).");
}

stress_options resolve(stress_options options, const environment& asked) {
  if (asked.rounds) options.rounds = *asked.rounds;
  if (asked.seconds) options.seconds = *asked.seconds;
  if (asked.stop_after) options.stop_after = *asked.stop_after;
  if (asked.seed) options.seed = *asked.seed;
  if (asked.isolation) options.isolation = *asked.isolation;
  if (asked.replay) options.seed = asked.replay->seed;
  if (const std::string from = mode_of(asked.replay ? &*asked.replay : nullptr); from != "stress")
    throw usage_error("RAVEL_REPLAY=" + to_string(*asked.replay) + " is from " + from + " mode: run it in the " + from +
                      " lane, or set RAVEL_MODE=" + from + ".");
  refuse_impossible(options.noise);
  return options;
}

run_options common_part(const stress_options& options) {
  return {.name = options.name,
          .trials = options.rounds,
          .seconds = options.seconds,
          .stop_after = options.stop_after,
          .seed = options.seed,
          .trial_limit = options.round_limit,
          .isolation = options.isolation,
          .trials_per_batch = options.rounds_per_batch,
          .memory_limit_mb = options.memory_limit_mb,
          .may_be_undecided = options.may_be_undecided,
          .is_program = options.is_program,
          .without = options.without,
          .may_outlive = options.may_outlive,
          .trusted = options.trusted,
          .suppressions = options.suppressions};
}

[[maybe_unused]] const bool is_registered =
    register_mode({"stress", true, [](const token& token) { return token.strategy == "stress"; },
                   [](const test_options& options, const body& body) { return stress(for_stress(options), body); }});

}  // namespace

}  // namespace detail

namespace {

report run_stress(stress_options options, const body& body) {
  if (!body) throw usage_error("stress(): the body is empty; give a function that takes ravel::trial&.");
  const environment asked = read_environment();
  options = detail::resolve(std::move(options), asked);
  const detail::run_options common = detail::common_part(options);
  detail::refuse_impossible(common, "rounds", "round_limit");
  detail::check_before_run(asked, options.suppressions);
  detail::stress_mode mode(options.noise);
  if (asked.replay && asked.replay->test_case != hash_of_test_case(options.name))
    return detail::passed_over(options.name, mode, options.seed, asked);
  const detail::request_to_end noted(options.isolation != isolation::none);
  detail::supervised_run run(common, asked, body, mode);
  run.go();
  report result = run.make_report();
  detail::meet_races(run, result);
  detail::finish_report(result);
  noted.end_if_came(result);
  return result;
}

}  // namespace

report stress(stress_options options, const body& body) {
  return detail::told(options.name, "stress", [&] { return run_stress(options, body); });
}

}  // namespace ravel
