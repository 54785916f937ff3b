// SPDX-License-Identifier: MIT
// What a thread wrote before it ended races with who is not ordered after that end; a join orders, nothing else does.
#include "told.hpp"

#include <pthread.h>

namespace {

ravel::body after_detached(std::memory_order store, std::memory_order load) {
  return [=](ravel::trial& trial) {
    static int data;
    static std::atomic<int> has_written;
    has_written = 0;
    trial.thread("starter", [=](ravel::worker&) {
      std::thread([=] {
        data = 1;
        has_written.store(1, store);
      }).detach();
      while (has_written.load(load) == 0) std::this_thread::yield();
      data = 2;
    });
    trial.run();
    trial.require(data != 0, "written");  // else the compiler would leave the writes out
  };
}
RAVEL_TOLD("ended: a detached thread wrote", racy,
           after_detached(std::memory_order_relaxed, std::memory_order_relaxed));
RAVEL_TOLD("ended: a detached thread wrote, and released", correct,
           after_detached(std::memory_order_release, std::memory_order_acquire));
RAVEL_TOLD("ended: joined by another thread than the reader", racy, [](ravel::trial& trial) {
  int data = 0;
  std::atomic<int> is_joined{0};
  trial.thread("joiner", [&](ravel::worker&) {
    std::thread([&] { data = 1; }).join();
    is_joined.store(1, std::memory_order_relaxed);
  });
  trial.thread("reader", [&](ravel::worker& me) {
    told::wait_for(is_joined, 1);
    me.require_equal(data, 1, "written before the join");
  });
  trial.run();
});
RAVEL_TOLD("ended: joined by the reader", correct, [](ravel::trial& trial) {
  trial.threads(2, "joiner", [](ravel::worker& me) {
    int data = 0;
    std::thread([&] { data = 1; }).join();
    me.require_equal(data, 1, "written before the join");
  });
  trial.run();
});
RAVEL_TOLD("ended: the result of a joined thread", correct, [](ravel::trial& trial) {
  trial.thread("joiner", [](ravel::worker& me) {
    pthread_t thread;
    static int data;
    data = 0;
    pthread_create(
        &thread, nullptr,
        [](void*) -> void* {
          data = 5;
          pthread_exit(&data);
        },
        nullptr);
    void* result = nullptr;
    pthread_join(thread, &result);
    me.require_equal(*static_cast<int*>(result), 5, "what it left");
  });
  trial.run();
});

}  // namespace
