// SPDX-License-Identifier: MIT
// A library that is loaded while threads run: its constructor and its destructor use what they do.
#include <pthread.h>
#include <sched.h>

extern "C" {
int plugin_value() { return 42; }
}

namespace {

pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;

void use() {
  pthread_mutex_lock(&own);
  sched_yield();
  pthread_mutex_unlock(&own);
}

[[gnu::constructor]] void loaded() { use(); }
[[gnu::destructor]] void unloaded() { use(); }

}  // namespace
