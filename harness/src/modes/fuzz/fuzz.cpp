// SPDX-License-Identifier: MIT
// See ravel/fuzz_target.hpp: options and environment in, a supervised run under control, a report out.
#include <ravel/fuzz_target.hpp>

#include "crash_files.hpp"
#include "fuzz_mode.hpp"
#include "modes/explore/controlled_run.hpp"
#include "process/refuse_impossible.hpp"
#include "process/supervised_run.hpp"
#include "report/sinks.hpp"

#include <ravel/environment.hpp>
#include <ravel/token.hpp>
#include <ravel/usage_error.hpp>

#include <utility>

namespace ravel {

namespace detail {

namespace {

std::vector<fuzz_target>& targets() {
  static std::vector<fuzz_target> all;
  return all;
}

std::string words_for(const site& place) {
  return place.file == nullptr ? "?" : std::string(place.file) + ":" + std::to_string(place.line);
}

explore_options explore_options_of(const fuzz_target& target, const fuzz_options& options, const environment& asked) {
  explore_options all;
  all.name = target.name;
  all.executions = options.files.empty() ? options.inputs : options.files.size();
  all.seconds = options.seconds;
  all.seed = options.seed;
  if (asked.points) all.points = *asked.points;
  if (asked.engine) all.engine = *asked.engine;
  if (asked.isolation) all.isolation = *asked.isolation;
  if (asked.hold_up) all.hold_up = *asked.hold_up;
  if (asked.has_spurious_wakeups) all.has_spurious_wakeups = *asked.has_spurious_wakeups;
  if (asked.has_early_timeouts) all.has_early_timeouts = *asked.has_early_timeouts;
  if (asked.has_failing_tries) all.has_failing_tries = *asked.has_failing_tries;
  return all;
}

// The token of a finding needs its input, too.
void refuse_foreign_token(const token& replay, const fuzz_target& target, const fuzz_options& options) {
  const std::string name = "RAVEL_REPLAY=" + to_string(replay);
  if (replay.strategy != "fuzz" && replay.schedule.empty())
    throw usage_error(name + " is from no fuzz target: its strategy is \"" + replay.strategy + "\".");
  if (replay.test_case != hash_of_test_case(target.name))
    throw usage_error(name + " is another target's: this program fuzzes \"" + target.name + "\".");
  if (options.files.size() > 1 || (options.files.empty() && !replay.schedule.empty()))
    throw usage_error(name + " is to be given with the file of its input, and no other: it lies beside that file.");
}

report run_fuzz(const fuzz_target& target, fuzz_options options) {
  const environment asked = read_environment();
  if (asked.executions) options.inputs = *asked.executions;
  if (asked.seconds) options.seconds = *asked.seconds;
  if (asked.seed) options.seed = *asked.seed;
  if (asked.replay) {
    refuse_foreign_token(*asked.replay, target, options);
    options.seed = asked.replay->seed;
  }
  const explore_options common = explore_options_of(target, options, asked);
  refuse_impossible(run_options_of(common), "inputs", "input_limit");
  check_before_run(asked, {});
  exploration explore(common);
  auto* strategy = explore.arena.make<input_strategy>();
  explore.chosen = strategy;
  fuzz_mode mode(explore, *strategy, target, options);
  return run_controlled({common, asked, target.run, explore, mode,
                         [&](report& result) { name_crash_files(result, mode, target, options, asked); }});
}

}  // namespace

}  // namespace detail

bool register_fuzz_target(fuzz_target target) {
  detail::targets().push_back(std::move(target));
  return true;
}

const fuzz_target& only_fuzz_target() {
  const std::vector<fuzz_target>& all = detail::targets();
  if (all.empty())
    throw usage_error(
        "this program has no fuzz target: write RAVEL_FUZZ_API(your_type, your_operations) in one of its files, "
        "outside of functions.");
  if (all.size() == 1) return all.front();
  std::string list;
  for (const fuzz_target& one : all) list += "\n  " + one.name + " at " + detail::words_for(one.place);
  const bool is_same_name = all[0].name == all[1].name;
  throw usage_error(std::string(is_same_name ? "two fuzz targets of one name" : "more than one fuzz target") +
                    " in this program, which fuzzes one: make a program of each, by a ravel_add_fuzz_test." + list);
}

report fuzz(const fuzz_target& target, fuzz_options options) {
  return detail::told(target.name, "fuzz", [&] { return detail::run_fuzz(target, std::move(options)); });
}

}  // namespace ravel
