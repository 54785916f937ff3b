// SPDX-License-Identifier: MIT
// GLib's mutex, which is atomics and futex calls in a library that is not instrumented. What it orders is undecided
// without trust in it; a race of a program that links the library, and does not use it in between, is certain.
#include "expected.hpp"

#include <glib.h>

namespace {

void count_under_lock(ravel::trial& trial) {
  GMutex mutex;
  g_mutex_init(&mutex);
  int counter = 0;
  trial.threads(2, "writer", [&](ravel::worker&) {
    for (int i = 0; i < 5; ++i) {
      g_mutex_lock(&mutex);
      ++counter;
      g_mutex_unlock(&mutex);
    }
  });
  trial.run();
  trial.require_equal(counter, 10, "all are counted");
  g_mutex_clear(&mutex);
}

void race_beside(ravel::trial& trial) {
  int counter = 0;
  trial.threads(2, "writer", [&](ravel::worker&) { ++counter; });
  trial.run();
}

void race_after(ravel::trial& trial) {
  int counter = 0;
  trial.threads(2, "writer", [&](ravel::worker&) {
    g_free(g_strdup("used before"));
    ++counter;
  });
  trial.run();
}

}  // namespace

int main() {
  real::trials trials;
  trials.expect("a counter under its lock, without trust", real::undecided, count_under_lock);
  trials.expect_text("doubtful: libglib-2.0.so.0, which both threads called in between, is not instrumented");
  trials.expect_text("to settle it: .trusted = {\"libglib-2.0.so.0\"}");
  trials.expect("a counter under its lock, with trust", real::clean, count_under_lock, {"libglib-2.0.so.0"});
  if (!trials.is_explore()) trials.expect("a race beside the library", real::faulty, race_beside);
  trials.expect("a race beside the trusted library", real::faulty, race_beside, {"libglib-2.0.so.0"});
  if (!trials.is_explore()) trials.expect("a race after a use of the library", real::faulty, race_after);
  trials.expect("a race after a use of the trusted library", real::faulty, race_after, {"libglib-2.0.so.0"});
  return trials.exit_code();
}
