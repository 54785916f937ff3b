// SPDX-License-Identifier: MIT
// Joined by another thread, joined after it has ended, detached before and after, made detached; and one that is kept.
#include "../planted.hpp"

#include <pthread.h>

namespace {

void* nothing(void*) { return nullptr; }

pthread_t start(const pthread_attr_t* how = nullptr) {
  pthread_t one;
  pthread_create(&one, how, nothing, nullptr);
  return one;
}

}  // namespace

RAVEL_PLANTED({.bug = "thread_unclaimed",
               .half = planted::half::clean,
               .options = {.rounds = 12},
               .body = [](ravel::trial& trial) {
                 static const pthread_t kept = start();
                 static_cast<void>(kept);
                 const pthread_t by_worker = start(), late = start();
                 pthread_detach(start());
                 pthread_attr_t detached;
                 pthread_attr_init(&detached);
                 pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
                 start(&detached);
                 pthread_attr_destroy(&detached);
                 trial.threads(1, "joiner", [&](ravel::worker&) { pthread_join(by_worker, nullptr); });
                 trial.run();
                 pthread_join(late, nullptr);
               }});
