// SPDX-License-Identifier: MIT
// Twin: it does.
#include "pair.hpp"

#include <semaphore.h>

#include <atomic>
#include <stdexcept>

namespace {

void body(ravel::trial& trial) {
  sem_t permits;
  sem_init(&permits, 0, 1);
  std::atomic<bool> is_closed{false};
  trial.threads(2, "client", [&](ravel::worker&) {
    sem_wait(&permits);
    try {
      if (is_closed) throw std::runtime_error("closed");
      sem_post(&permits);
    } catch (const std::runtime_error&) {
      sem_post(&permits);
    }
  });
  trial.thread("closer", [&](ravel::worker&) { is_closed = true; });
  trial.run();
  sem_destroy(&permits);
}

}  // namespace

RAVEL_EXPLORED({.bug = "semaphore_leak", .half = explored::half::clean, .body = body});
