// SPDX-License-Identifier: MIT
// Runs a subject's body under the name that CMake gives it. A round is short: three seconds without its end are a hang.
#include "subject.hpp"

#include <ravel/report.hpp>
#include <ravel/stress.hpp>

int main() {
  ravel::stress_options options;
  options.name = DEMO_NAME;
  options.round_limit = 3;
  if (demo::is_set("RAVEL_TOOL")) options.rounds = 5;
  const ravel::report report = ravel::stress(options, demo::body);
  ravel::print(report);
  return ravel::exit_code(report);
}
