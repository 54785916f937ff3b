// SPDX-License-Identifier: MIT
// Twin: the flag is clear before the threads start.
#include "pair.hpp"

#include <atomic>
#include <chrono>
#include <thread>

namespace {

void body(ravel::trial& trial) {
  std::atomic<bool> is_stopped{false};
  trial.thread("server", [&](ravel::worker&) {
    while (!is_stopped) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  trial.thread("stopper", [&](ravel::worker&) { is_stopped = true; });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "stop_flag", .half = explored::half::clean, .body = body});
