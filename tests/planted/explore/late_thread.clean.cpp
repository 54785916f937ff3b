// SPDX-License-Identifier: MIT
// Twin: the thread is over before.
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
  late.join();
  delete shared;
}

}  // namespace

RAVEL_EXPLORED({.bug = "late_thread", .half = explored::half::clean, .body = body});
