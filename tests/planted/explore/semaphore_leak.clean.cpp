// SPDX-License-Identifier: MIT
// Twin: it does.
#include "pair.hpp"

#include <atomic>
#include <semaphore>
#include <stdexcept>

namespace {

void body(ravel::trial& trial) {
  std::counting_semaphore<> permits{1};
  std::atomic<bool> is_closed{false};
  trial.threads(2, "client", [&](ravel::worker&) {
    permits.acquire();
    try {
      if (is_closed) throw std::runtime_error("closed");
      permits.release();
    } catch (const std::runtime_error&) {
      permits.release();
    }
  });
  trial.thread("closer", [&](ravel::worker&) { is_closed = true; });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "semaphore_leak", .half = explored::half::clean, .body = body});
