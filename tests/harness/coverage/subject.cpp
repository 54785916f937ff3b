// SPDX-License-Identifier: MIT
// Three rounds of four threads in forked children: the worker's line runs 12 times. See check.cmake.
#include <ravel/report.hpp>
#include <ravel/stress.hpp>

#include <atomic>

namespace {
void operate(std::atomic<int>& count) {
  ++count;  // the counted line
}
}  // namespace

int main() {
  std::atomic<int> count{0};
  ravel::stress_options options;
  options.rounds = 3;
  const ravel::report report = ravel::stress(options, [&](ravel::trial& trial) {
    trial.threads(4, "client", [&](ravel::worker&) { operate(count); });
    trial.run();
  });
  return ravel::exit_code(report);
}
