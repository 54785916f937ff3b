// SPDX-License-Identifier: MIT
// A whole run under control: executions, or what a token says, then its findings replayed, reduced and shown. What
// explore mode and others like it share. Parent only. Blocks for the run's budget and what explaining takes.
#pragma once

#include "exploration.hpp"
#include "process/mode.hpp"

#include <ravel/environment.hpp>
#include <ravel/report.hpp>

#include <functional>

namespace ravel::detail {

struct controlled_run {
  const explore_options& options;  // resolved
  const environment& asked;
  const body& run;
  exploration& explore;  // with its strategy
  mode& kind;
  std::function<void(report&)> last_word = {};  // when the findings are explained, before sinks have the report
};

[[nodiscard]] report run_controlled(const controlled_run& what);

}  // namespace ravel::detail
