// SPDX-License-Identifier: MIT
// Twin: the thread ends after the last look.
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
  std::atomic<bool> was_seen{false};
  std::thread owner([&] {
    published = &own;
    while (!was_seen) std::this_thread::yield();
  });
  while (published == nullptr) std::this_thread::yield();
  trial.require_equal(published.load()->value.load(), 7, "the slot is alive");
  was_seen = true;
  owner.join();
}

}  // namespace

RAVEL_EXPLORED({.bug = "tls_pointer", .half = explored::half::clean, .body = body});
