// SPDX-License-Identifier: MIT
// What the behaviours of signals and timers share.
#pragma once

#include "behaviour.hpp"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <atomic>

namespace behaviour {

inline sigset_t set_of(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  return set;
}

inline void handle(int signal, void (*handler)(int), int flags = 0) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(signal, &action, nullptr);
}

// How many signals were handled in this thread, and in all.
inline thread_local int handled_here = 0;
inline std::atomic<int> handled{0};
inline void count(int) {
  ++handled_here;
  ++handled;
}

// receive runs in one thread; another one waits for it to begin, and then sends. receive is called with a function that
// tells that it has begun.
template <class Receive, class Send>
void send_to(ravel::trial& trial, Receive receive, Send send) {
  std::atomic<pthread_t> target{0};
  trial.thread("receiver", [&](ravel::worker& me) {
    handled_here = 0;
    receive(me, [&] { target.store(pthread_self()); });
  });
  trial.thread("sender", [&](ravel::worker& me) {
    handled_here = 0;
    while (target.load() == 0) sched_yield();
    send(me, target.load());
  });
  trial.run();
}

}  // namespace behaviour
