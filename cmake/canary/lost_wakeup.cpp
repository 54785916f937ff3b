// SPDX-License-Identifier: MIT
// Canary: a planted lost wake-up that explore.plain must find: the flag is set without the lock, so that it can change
// between the look at it and the wait. Exit code 1 means that it was found.
#include <atomic>
#include <condition_variable>
#include <mutex>

#include <ravel/report.hpp>
#include <ravel/run_test.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

int main() {
  const ravel::report result =
      ravel::run_test({.name = "canary: lost wake-up", .executions = 500}, [](ravel::trial& trial) {
        std::mutex lock;
        std::condition_variable changed;
        std::atomic<bool> is_set{false};
        trial.thread("waiter", [&](ravel::worker&) {
          std::unique_lock guard(lock);
          if (!is_set) changed.wait(guard);
        });
        trial.thread("setter", [&](ravel::worker&) {
          is_set = true;
          changed.notify_one();
        });
        trial.run();
      });
  ravel::print(result);
  return ravel::exit_code(result);
}
