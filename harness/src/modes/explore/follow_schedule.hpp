// SPDX-License-Identifier: MIT
// Makes the schedule of a token fit this build: its switches name source lines, the engine wants the n-th event of a
// thread. Runs the execution again and again, each time with the switches found so far, until all are in place.
// Parent only, before the run's own executions. Cost: about one probe for each switch, and a symboliser process each.
#pragma once

#include "probe.hpp"
#include "record/modules.hpp"
#include "schedule_text.hpp"
#include "trace.hpp"

#include "strategy/scripted.hpp"

#include <string>
#include <vector>

namespace ravel::detail {

struct schedule_follower {
  scripted_strategy* strategy;
  switch_script* script;
  tracer* listener;
  trace* seen;  // what the listener is to fill in
  left_out_calls* left_out;

  explicit schedule_follower(exploration& explore);
  void take(const std::vector<scripted_switch>& switches) noexcept;
  // For all executions from now on, whatever they follow.
  void leave_out(const std::vector<optional_call>& calls) noexcept;
};

struct fitted_schedule {
  std::vector<std::string> missing;  // switches that have no place in this build, in words
  std::size_t wanted = 0;
  bool is_shifted = false;  // the finding showed only with a switch at a neighbouring occurrence
};

// Leaves the script in the follower.
[[nodiscard]] fitted_schedule fit_schedule(prober& probe, const module_table& modules, schedule_follower& follower,
                                           const std::string& schedule, std::uint64_t trial);

}  // namespace ravel::detail
