// SPDX-License-Identifier: MIT
// Planted: the way out by an exception does not give the permit back.
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
    }
  });
  trial.thread("closer", [&](ravel::worker&) { is_closed = true; });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "semaphore_leak",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::lost_wakeup, ravel::finding_kind::deadlock},
                .body = body});
