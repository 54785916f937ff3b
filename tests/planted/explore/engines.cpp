// SPDX-License-Identifier: MIT
// See engines.hpp. Below the public interface, because the event log is the harness's own.
#include "engines.hpp"

#include "event_hashes.hpp"

#include "modes/explore/exploration.hpp"
#include "modes/explore/explore_mode.hpp"
#include "process/supervised_run.hpp"
#include "strategy/make_strategy.hpp"

#include <ravel/environment.hpp>

#include <cstdio>
#include <map>
#include <vector>

namespace explored {

namespace {

using ravel::detail::engine_kind;

struct execution_log {
  std::uint64_t hash = 0;
  std::uint64_t lines = 0;  // of which the first ones are kept
  std::vector<logged_line> kept;
};

struct seen {
  std::vector<execution_log> logs;                    // by trial, from 1
  std::map<std::string, std::uint64_t> first_trials;  // by kind
};

seen explore_on(engine_kind engine, const entry& entry, ravel::explore_options options) {
  const ravel::environment asked = ravel::read_environment();
  if (asked.strategy) options.strategy = *asked.strategy;  // by hand
  ravel::detail::exploration explore(options);
  explore.engine = engine;
  explore.chosen = ravel::detail::make_strategy(explore.arena, options.strategy, options.preemptions);
  auto& log = *explore.arena.make<event_hashes>();
  log.follow(explore.shared->log);
  log.set_reuses_memory(entry.reuses_memory);
  explore.listener = &log;
  ravel::detail::explore_mode mode(explore);
  const ravel::detail::run_options common = ravel::detail::run_options_of(options);
  ravel::detail::supervised_run run(common, asked, entry.body, mode);
  run.go();
  seen result;
  for (const ravel::finding& finding : run.make_report().findings) {
    std::uint64_t& first = result.first_trials[ravel::word_for(finding.kind)];
    if (first == 0 || finding.first_trial < first) first = finding.first_trial;
  }
  for (std::uint64_t trial = 1; trial <= options.executions; ++trial) {
    execution_log& one = result.logs.emplace_back();
    one.hash = log.hash(trial);
    one.lines = log.lines(trial);
    for (std::uint64_t at = 0; at < one.lines && at < event_hashes::most_lines; ++at)
      one.kept.push_back(log.line(trial, at));
  }
  return result;
}

std::string words_for(const logged_line& line) {
  char text[160];
  const auto what = static_cast<ravel::detail::operation>(line.second >> 32);
  if (line.what == 'e')
    std::snprintf(text, sizeof text, "%04llx %s object %llu at %llx", line.first & 0xffffull,
                  ravel::detail::word_for(what), line.object + 0ull, line.pc + 0ull);
  else
    std::snprintf(text, sizeof text, "%s %04llx, %04llx", line.what == 's' ? "switch" : "pick", line.first & 0xffffull,
                  line.second & 0xffffull);
  return "step " + std::to_string(line.step) + ": " + text;
}

std::string difference_of(const execution_log& user, const execution_log& kernel) {
  std::string text = std::to_string(user.lines) + " and " + std::to_string(kernel.lines) + " events";
  for (std::size_t at = 0; at < user.kept.size() && at < kernel.kept.size(); ++at) {
    const std::string here = words_for(user.kept[at]), there = words_for(kernel.kept[at]);
    if (here != there) return text + "; user: " + here + "; kernel: " + there;
  }
  return text;
}

}  // namespace

std::string difference_of_engines(const entry& entry, std::uint64_t seed, std::uint64_t executions) {
  ravel::explore_options options = entry.options;
  options.seed = seed;
  options.executions = executions;
  options.seconds = 600;  // what is not run cannot be compared
  const seen user = explore_on(engine_kind::user, entry, options);
  options.isolation = ravel::isolation::trial;  // nor does it matter what ran before in the same process
  const seen kernel = explore_on(engine_kind::kernel, entry, options);
  for (std::size_t i = 0; i < user.logs.size(); ++i)
    if (user.logs[i].hash != kernel.logs[i].hash)
      return "execution " + std::to_string(i + 1) + " differs: " + difference_of(user.logs[i], kernel.logs[i]);
  if (user.logs.front().hash == 0) return "no execution left an event log";
  for (const auto& [kind, trial] : user.first_trials) {
    if (kind == word_for(ravel::finding_kind::race)) continue;  // TSan forgets earlier accesses at random
    const auto there = kernel.first_trials.find(kind);
    const std::uint64_t other = there == kernel.first_trials.end() ? 0 : there->second;
    if (other != trial)
      return kind + " first in execution " + std::to_string(trial) + " on the user engine, " + std::to_string(other) +
             " on the kernel engine (0: never)";
  }
  for (const auto& [kind, trial] : kernel.first_trials)
    if (!user.first_trials.contains(kind))
      return kind + " first in execution " + std::to_string(trial) + " on the kernel engine, never on the user engine";
  return "";
}

}  // namespace explored
