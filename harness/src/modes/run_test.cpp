// SPDX-License-Identifier: MIT
// See ravel/run_test.hpp.
#include <ravel/run_test.hpp>

#include "process/mode.hpp"
#include "report/sinks.hpp"

#include <ravel/environment.hpp>

namespace ravel {

stress_options for_stress(const test_options& options) {
  return {.name = options.name,
          .rounds = options.rounds,
          .seconds = options.seconds,
          .stop_after = options.stop_after,
          .seed = options.seed,
          .round_limit = options.round_limit,
          .isolation = options.isolation,
          .rounds_per_batch = options.rounds_per_batch,
          .noise = options.noise,
          .memory_limit_mb = options.memory_limit_mb,
          .may_be_undecided = options.may_be_undecided,
          .is_program = options.is_program,
          .without = options.without,
          .may_outlive = options.may_outlive,
          .trusted = options.trusted,
          .suppressions = options.suppressions};
}

explore_options for_explore(const test_options& options) {
  return {.name = options.name,
          .executions = options.executions,
          .seconds = options.seconds,
          .points = options.points,
          .stop_after = options.stop_after,
          .seed = options.seed,
          .strategy = options.strategy,
          .preemptions = options.preemptions,
          .engine = options.engine,
          .execution_limit = options.round_limit,
          .isolation = options.isolation,
          .executions_per_batch = options.rounds_per_batch,
          .hold_up = options.hold_up,
          .has_spurious_wakeups = options.has_spurious_wakeups,
          .has_early_timeouts = options.has_early_timeouts,
          .has_failing_tries = options.has_failing_tries,
          .memory_limit_mb = options.memory_limit_mb,
          .may_be_undecided = options.may_be_undecided,
          .is_program = options.is_program,
          .without = options.without,
          .may_outlive = options.may_outlive,
          .trusted = options.trusted,
          .suppressions = options.suppressions};
}

report run_test(const test_options& options, const body& body) {
  return detail::told(options.name, "test", [&] {
    const detail::mode_entry* mode = detail::find_mode(read_environment().mode);  // which has refused unknown ones
    return mode->run(options, body);
  });
}

}  // namespace ravel
