// SPDX-License-Identifier: MIT
// Twin: readers let a writer that waits go first.
#include "pair.hpp"

#include <ravel/checks/progress.hpp>

#include <atomic>
#include <thread>

namespace {

class shared_value {
 public:
  int read() {
    while (waiting_.load() != 0 || state_.load() < 0) std::this_thread::yield();
    state_.fetch_add(1);
    const int seen = value_.load();
    state_.fetch_sub(1);
    return seen;
  }
  void write(int value) {
    waiting_.fetch_add(1);
    for (int nobody = 0; !state_.compare_exchange_strong(nobody, -1000); nobody = 0) std::this_thread::yield();
    value_.store(value);
    waiting_.fetch_sub(1);
    state_.fetch_add(1000);
  }

 private:
  std::atomic<int> state_{0};  // readers, less 1000 for a writer
  std::atomic<int> waiting_{0}, value_{0};
};

void body(ravel::trial& trial) {
  shared_value shared;
  ravel::checks::progress claims{trial, {.overtakes = 20, .samples = 10}};
  claims.starvation_free("write");
  trial.threads(2, "reader",
                [&](ravel::worker& me) { me.repeat(20, [&] { claims("read", [&] { return shared.read(); }); }); });
  trial.thread("writer", [&](ravel::worker&) { claims("write", [&] { shared.write(1); }); });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "starved_writer", .half = explored::half::clean, .not_run_in = {"plain"}, .body = body});
