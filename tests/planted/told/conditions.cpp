// SPDX-License-Identifier: MIT
// Conditions and barriers: whoever sets one up, destroys it or frees its memory while another still uses it races with
// that use, whatever the lock's schedule hides. Lifetimes that a lock, a join or the barrier itself orders are correct.
#include "told.hpp"

#include <pthread.h>
#include <threads.h>

#include <condition_variable>
#include <memory>
#include <mutex>

namespace {

struct done {
  std::mutex lock;
  std::condition_variable condition;
  bool is_done = false;

  void wait() {
    std::unique_lock held(lock);
    condition.wait(held, [this] { return is_done; });
  }
  void wait_a_while() {
    std::unique_lock held(lock);
    while (!condition.wait_for(held, std::chrono::seconds(1), [this] { return is_done; })) {
    }
  }
};

ravel::body ends_after_wait(void (*notify)(done&), void (done::*wait)()) {
  return [=](ravel::trial& trial) {
    auto* one = new done;
    trial.thread("notifier", [=](ravel::worker&) { notify(*one); });
    trial.thread("owner", [=](ravel::worker&) {
      (one->*wait)();
      delete one;
    });
    trial.run();
  };
}

void one_outside(done& of) {
  {
    const std::lock_guard guard(of.lock);
    of.is_done = true;
  }
  of.condition.notify_one();
}
void all_outside(done& of) {
  {
    const std::lock_guard guard(of.lock);
    of.is_done = true;
  }
  of.condition.notify_all();
}
void one_inside(done& of) {
  const std::lock_guard guard(of.lock);
  of.is_done = true;
  of.condition.notify_one();
}

RAVEL_TOLD("condition: notify_one outside the lock, the owner deletes", racy,
           ends_after_wait(one_outside, &done::wait));
RAVEL_TOLD("condition: notify_all outside the lock, the owner deletes", racy,
           ends_after_wait(all_outside, &done::wait));
RAVEL_TOLD("condition: notify outside the lock, a timed wait, delete", racy,
           ends_after_wait(one_outside, &done::wait_a_while));
RAVEL_TOLD("condition: notify outside the lock, joined before the end", correct, [](ravel::trial& trial) {
  auto one = std::make_unique<done>();
  trial.thread("notifier", [&](ravel::worker&) { one_outside(*one); });
  trial.thread("owner", [&](ravel::worker&) { one->wait(); });
  trial.run();
  one.reset();
});
RAVEL_TOLD("condition: a thread of its own, joined before the delete", correct, [](ravel::trial& trial) {
  trial.thread("owner", [](ravel::worker&) {
    auto one = std::make_unique<done>();
    std::thread notifier([&] { all_outside(*one); });
    one->wait();
    notifier.join();
  });
  trial.run();
});
// libstdc++'s mutex has no end that TSan hears of; the condition's use is ordered by it.
RAVEL_TOLD("condition: notify inside the lock, the condition alone ends", correct, [](ravel::trial& trial) {
  std::mutex lock;
  bool is_done = false;
  auto* condition = new std::condition_variable;
  trial.thread("notifier", [&](ravel::worker&) {
    const std::lock_guard guard(lock);
    is_done = true;
    condition->notify_one();
  });
  trial.thread("owner", [&](ravel::worker&) {
    {
      std::unique_lock held(lock);
      condition->wait(held, [&] { return is_done; });
    }
    delete condition;
  });
  trial.run();
});
RAVEL_TOLD("condition: of C11, used while it is set up", racy, [](ravel::trial& trial) {
  cnd_t condition;
  std::atomic<int> is_made{0};
  trial.thread("maker", [&](ravel::worker&) {
    cnd_init(&condition);
    is_made.store(1, std::memory_order_relaxed);
  });
  trial.thread("user", [&](ravel::worker&) {
    told::wait_for(is_made, 1);
    cnd_signal(&condition);
  });
  trial.run();
  cnd_destroy(&condition);
});
RAVEL_TOLD("condition: of C11, used after it is set up", correct, [](ravel::trial& trial) {
  cnd_t condition;
  mtx_t lock;
  cnd_init(&condition);
  mtx_init(&lock, mtx_plain);
  int is_done = 0;
  trial.thread("notifier", [&](ravel::worker&) {
    mtx_lock(&lock);
    is_done = 1;
    mtx_unlock(&lock);
    cnd_broadcast(&condition);
  });
  trial.threads(2, "waiter", [&](ravel::worker&) {
    mtx_lock(&lock);
    while (is_done == 0) cnd_wait(&condition, &lock);
    mtx_unlock(&lock);
  });
  trial.run();
  cnd_destroy(&condition);
  mtx_destroy(&lock);
});

RAVEL_TOLD("barrier: used while it is set up", racy, [](ravel::trial& trial) {
  pthread_barrier_t barrier;
  std::atomic<int> is_made{0};
  trial.thread("maker", [&](ravel::worker&) {
    pthread_barrier_init(&barrier, nullptr, 2);
    is_made.store(1, std::memory_order_relaxed);
    pthread_barrier_wait(&barrier);
  });
  trial.thread("user", [&](ravel::worker&) {
    told::wait_for(is_made, 1);
    pthread_barrier_wait(&barrier);
  });
  trial.run();
  pthread_barrier_destroy(&barrier);
});
RAVEL_TOLD("barrier: set up, used twice, destroyed after the threads", correct, [](ravel::trial& trial) {
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, nullptr, 2);
  int left = 0, right = 0;
  trial.threads(2, "half", [&](ravel::worker& me) {
    (me.index() == 0 ? left : right) = 1;
    pthread_barrier_wait(&barrier);
    me.require_equal((me.index() == 0 ? right : left), 1, "the other's part");
    pthread_barrier_wait(&barrier);
    (me.index() == 0 ? left : right) = 2;
  });
  trial.run();
  pthread_barrier_destroy(&barrier);
});
RAVEL_TOLD("barrier: a part read before it", racy, [](ravel::trial& trial) {
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, nullptr, 2);
  int left = 0, seen = 0;
  trial.threads(2, "half", [&](ravel::worker& me) {
    if (me.index() == 0)
      left = 1;
    else
      seen = left;
    pthread_barrier_wait(&barrier);
  });
  trial.run();
  pthread_barrier_destroy(&barrier);
  static_cast<void>(seen);
});

}  // namespace
