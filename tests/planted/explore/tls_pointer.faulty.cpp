// SPDX-License-Identifier: MIT
// Planted: a pointer to a thread-local object is kept after the thread has ended.
#include "pair.hpp"

#include <atomic>
#include <thread>

namespace {

struct slot {
  std::atomic<int> value{7};
  ~slot() { value = 0; }
};
thread_local slot own;

void body(ravel::trial& trial) {
  std::atomic<slot*> published{nullptr};
  std::thread owner([&] { published = &own; });
  while (published == nullptr) std::this_thread::yield();
  trial.require_equal(published.load()->value.load(), 7, "the slot is alive");
  owner.join();
}

}  // namespace

RAVEL_EXPLORED({.bug = "tls_pointer",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::requirement, ravel::finding_kind::memory_error,
                          ravel::finding_kind::race, ravel::finding_kind::crash},
                .body = body});
