// SPDX-License-Identifier: MIT
// Planted: a session is freed while a thread that was started to clean up after it still looks at it.
#include "pair.hpp"

#include <atomic>
#include <thread>

namespace {

struct session {
  long number[4] = {};
  std::atomic<long> users{7};
  ~session() { users = 0; }
};

void body(ravel::trial& trial) {
  auto* const shared = new session;
  std::atomic<bool> has_started{false};
  std::thread late([&trial, &has_started, shared] {
    has_started = true;
    trial.require_equal(shared->users.load(), 7, "the session is alive");
  });
  while (!has_started) std::this_thread::yield();
  delete shared;
  late.join();
}

}  // namespace

RAVEL_EXPLORED({.bug = "late_thread",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::requirement, ravel::finding_kind::memory_error,
                          ravel::finding_kind::race, ravel::finding_kind::crash},
                .body = body});
