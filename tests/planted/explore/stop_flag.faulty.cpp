// SPDX-License-Identifier: MIT
// Planted: the server clears the stop flag when it starts, and a stop that came before is lost.
#include "pair.hpp"

#include <atomic>
#include <chrono>
#include <thread>

namespace {

void body(ravel::trial& trial) {
  std::atomic<bool> is_stopped{false};
  trial.thread("server", [&](ravel::worker&) {
    is_stopped = false;
    while (!is_stopped) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  trial.thread("stopper", [&](ravel::worker&) { is_stopped = true; });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED(
    {.bug = "stop_flag", .half = explored::half::faulty, .kinds = {ravel::finding_kind::livelock}, .body = body});
