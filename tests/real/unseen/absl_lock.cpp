// SPDX-License-Identifier: MIT
// abseil's mutex, from shared libraries that are not instrumented: as GLib's.
#include "expected.hpp"

#include <absl/synchronization/mutex.h>

namespace {

void count_under_lock(ravel::trial& trial) {
  absl::Mutex mutex;
  int counter = 0;
  trial.threads(2, "writer", [&](ravel::worker&) {
    for (int i = 0; i < 5; ++i) {
      const absl::MutexLock lock(&mutex);
      ++counter;
    }
  });
  trial.run();
  trial.require_equal(counter, 10, "all are counted");
}

void race_beside(ravel::trial& trial) {
  absl::Mutex mutex;
  int counter = 0;
  trial.threads(2, "writer", [&](ravel::worker&) {
    {
      const absl::MutexLock lock(&mutex);
    }
    ++counter;
  });
  trial.run();
}

}  // namespace

int main() {
  real::trials trials;
  trials.expect("a counter under its lock, without trust", real::undecided, count_under_lock);
  trials.expect_text("to settle it: .trusted = {\"libabsl_synchronization.so.");
  trials.expect("a counter under its lock, with trust", real::clean, count_under_lock, {"libabsl_synchronization.so"});
  trials.expect("a race after a use of the trusted lock", real::faulty, race_beside, {"libabsl_synchronization.so"});
  return trials.exit_code();
}
