// SPDX-License-Identifier: MIT
// What a once's routine wrote is ordered before whoever comes after it, also when an earlier attempt threw; what was
// written beside it is not.
#include "told.hpp"

#include <pthread.h>

#include <mutex>

namespace {

RAVEL_TOLD("once: the first attempt throws", correct, [](ravel::trial& trial) {
  std::once_flag flag;
  int tries = 0, data = 0;
  trial.threads(3, "caller", [&](ravel::worker& me) {
    for (bool is_done = false; !is_done;) {
      try {
        std::call_once(flag, [&] {
          if (++tries <= 2) throw tries;
          data = 8;
        });
        is_done = true;
      } catch (int) {
      }
    }
    me.require_equal(data, 8, "made");
  });
  trial.run();
  trial.require_equal(tries, 3, "until one succeeds");
});
// Who waits for the attempt that throws makes the next one itself, though nobody tries again.
RAVEL_TOLD("once: who threw does not try again", correct, [](ravel::trial& trial) {
  std::once_flag flag;
  int tries = 0, made = 0;
  trial.threads(2, "caller", [&](ravel::worker&) {
    try {
      std::call_once(flag, [&] {
        if (++tries == 1) {
          std::this_thread::yield();
          throw 1;
        }
        made = 1;
      });
    } catch (int) {
    }
  });
  trial.run();
  trial.require_equal(tries, 2, "each tried once");
  trial.require_equal(made, 1, "made");
});
RAVEL_TOLD("once: nested", correct, [](ravel::trial& trial) {
  static pthread_once_t outer, inner;
  static int first, second;
  outer = inner = PTHREAD_ONCE_INIT;
  first = second = 0;
  trial.threads(3, "caller", [&](ravel::worker& me) {
    pthread_once(&outer, [] {
      pthread_once(&inner, [] { first = 1; });
      second = first + 1;
    });
    me.require_equal(second, 2, "made");
    pthread_once(&inner, [] { first = 9; });
    me.require_equal(first, 1, "once only");
  });
  trial.run();
});
RAVEL_TOLD("once: another once orders nothing", racy, [](ravel::trial& trial) {
  std::once_flag one, other;
  int data = 0;
  trial.thread("writer", [&](ravel::worker&) { std::call_once(one, [&] { data = 1; }); });
  trial.thread("reader", [&](ravel::worker& me) {
    std::call_once(other, [] {});
    me.require(data < 2, "it reads");
  });
  trial.run();
});
RAVEL_TOLD("once: written after the routine", racy, [](ravel::trial& trial) {
  std::once_flag flag;
  int data = 0;
  trial.threads(2, "caller", [&](ravel::worker&) {
    std::call_once(flag, [] {});
    ++data;
  });
  trial.run();
});

}  // namespace
