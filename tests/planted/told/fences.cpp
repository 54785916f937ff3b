// SPDX-License-Identifier: MIT
// std::atomic_thread_fence: what C++20's [atomics.fences] orders, and what is near it and is not ordered.
#include "told.hpp"

namespace {

using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

// One writes data and passes it on, the other waits for it and reads.
template <class Write, class Read>
ravel::body hand_over(Write write, Read read) {
  return [=](ravel::trial& trial) {
    std::atomic<int> flag{0}, other{0};
    int data = 0;
    trial.thread("writer", [&](ravel::worker&) { write(data, flag, other); });
    trial.thread("reader", [&](ravel::worker&) { read(data, flag, other); });
    trial.run();
  };
}

using word = std::atomic<int>;

void release_fence_store(int& data, word& flag, word&) {
  data = 1;
  std::atomic_thread_fence(memory_order_release);
  flag.store(1, memory_order_relaxed);
}
void release_store(int& data, word& flag, word&) {
  data = 1;
  flag.store(1, memory_order_release);
}
void load_acquire_fence(int& data, word& flag, word&) {
  told::wait_for(flag, 1);
  std::atomic_thread_fence(memory_order_acquire);
  ++data;
}
void acquire_load(int& data, word& flag, word&) {
  while (flag.load(memory_order_acquire) != 1) std::this_thread::yield();
  ++data;
}

RAVEL_TOLD("fence: release fence, relaxed store; relaxed load, acquire fence", correct,
           hand_over(release_fence_store, load_acquire_fence));
RAVEL_TOLD("fence: release fence, relaxed store; acquire load", correct, hand_over(release_fence_store, acquire_load));
RAVEL_TOLD("fence: release store; relaxed load, acquire fence", correct, hand_over(release_store, load_acquire_fence));
RAVEL_TOLD("fence: seq_cst fences on both sides", correct,
           hand_over(
               [](int& data, word& flag, word&) {
                 data = 1;
                 std::atomic_thread_fence(memory_order_seq_cst);
                 flag.store(1, memory_order_relaxed);
               },
               [](int& data, word& flag, word&) {
                 told::wait_for(flag, 1);
                 std::atomic_thread_fence(memory_order_seq_cst);
                 ++data;
               }));
RAVEL_TOLD("fence: release fence long before the store", correct,
           hand_over(
               [](int& data, word& flag, word& other) {
                 data = 1;
                 std::atomic_thread_fence(memory_order_acq_rel);
                 for (int i = 0; i < 5; ++i) other.store(i, memory_order_relaxed);
                 flag.store(1, memory_order_relaxed);
               },
               load_acquire_fence));
RAVEL_TOLD("fence: relaxed update publishes, relaxed update reads", correct,
           hand_over(
               [](int& data, word& flag, word&) {
                 data = 1;
                 std::atomic_thread_fence(memory_order_release);
                 flag.fetch_add(1, memory_order_relaxed);
               },
               [](int& data, word& flag, word&) {
                 int one = 1;
                 while (!flag.compare_exchange_weak(one, 2, memory_order_relaxed)) {
                   one = 1;
                   std::this_thread::yield();
                 }
                 std::atomic_thread_fence(memory_order_acquire);
                 ++data;
               }));
RAVEL_TOLD("fence: exchange publishes", correct,
           hand_over(
               [](int& data, word& flag, word&) {
                 data = 1;
                 std::atomic_thread_fence(memory_order_release);
                 int none = 0;
                 flag.compare_exchange_strong(none, 1, memory_order_relaxed);
               },
               load_acquire_fence));

RAVEL_TOLD("fence: turns taken by relaxed loads and an acquire fence", correct, [](ravel::trial& trial) {
  std::atomic<int> turn{0};
  int state = 0;
  const auto play = [&](int from, int to) {
    for (int i = 0; i < 3; ++i) {
      told::wait_for(turn, from);
      std::atomic_thread_fence(memory_order_acquire);
      ++state;
      turn.store(to, memory_order_release);
    }
  };
  trial.thread("zero", [&](ravel::worker&) { play(0, 1); });
  trial.thread("one", [&](ravel::worker&) { play(1, 0); });
  trial.run();
  trial.require_equal(state, 6, "all turns counted");
});

struct counted {
  std::atomic<int> users{3};
  int body = 0;
  void drop(bool has_fence) {
    if (users.fetch_sub(1, memory_order_release) != 1) return;
    if (has_fence) std::atomic_thread_fence(memory_order_acquire);
    delete this;
  }
};
ravel::body last_one_deletes(bool has_fence) {
  return [=](ravel::trial& trial) {
    auto* one = new counted;
    trial.threads(3, "holder", [=](ravel::worker& me) {
      if (me.index() == 0) one->body = 1;
      one->drop(has_fence);
    });
    trial.run();
  };
}
RAVEL_TOLD("fence: reference count, acquire fence before delete", correct, last_one_deletes(true));
RAVEL_TOLD("fence: reference count, no fence before delete", racy, last_one_deletes(false));

// Three threads: the messenger passes on what it got, if its fence orders both sides.
ravel::body handed_on(std::memory_order fence) {
  return [=](ravel::trial& trial) {
    word first{0}, second{0};
    int data = 0;
    trial.thread("writer", [&](ravel::worker&) { release_fence_store(data, first, second); });
    trial.thread("messenger", [&](ravel::worker&) {
      told::wait_for(first, 1);
      std::atomic_thread_fence(fence);
      second.store(1, memory_order_relaxed);
    });
    trial.thread("reader", [&](ravel::worker&) { load_acquire_fence(data, second, first); });
    trial.run();
  };
}
RAVEL_TOLD("fence: handed on by a third thread", correct, handed_on(memory_order_acq_rel));
RAVEL_TOLD("fence: the third thread has no acquire fence", racy, handed_on(memory_order_release));

RAVEL_TOLD("fence: none, relaxed store; acquire load", racy,
           hand_over(
               [](int& data, word& flag, word&) {
                 data = 1;
                 flag.store(1, memory_order_relaxed);
               },
               acquire_load));
RAVEL_TOLD("fence: none on the reader's side", racy, hand_over(release_fence_store, [](int& data, word& flag, word&) {
             told::wait_for(flag, 1);
             ++data;
           }));
RAVEL_TOLD("fence: a write between the release fence and the store", racy,
           hand_over(
               [](int& data, word& flag, word&) {
                 std::atomic_thread_fence(memory_order_release);
                 data = 1;
                 flag.store(1, memory_order_relaxed);
               },
               load_acquire_fence));
RAVEL_TOLD("fence: the store comes before the release fence", racy,
           hand_over(
               [](int& data, word& flag, word&) {
                 data = 1;
                 flag.store(1, memory_order_relaxed);
                 std::atomic_thread_fence(memory_order_release);
               },
               load_acquire_fence));
RAVEL_TOLD("fence: a read before the acquire fence", racy,
           hand_over(release_fence_store, [](int& data, word& flag, word&) {
             told::wait_for(flag, 1);
             ++data;
             std::atomic_thread_fence(memory_order_acquire);
           }));
RAVEL_TOLD("fence: the acquire fence comes before the load", racy,
           hand_over(release_fence_store, [](int& data, word& flag, word&) {
             std::atomic_thread_fence(memory_order_acquire);
             told::wait_for(flag, 1);
             ++data;
           }));
RAVEL_TOLD("fence: for another object", racy,
           hand_over(
               [](int& data, word& flag, word& other) {
                 data = 1;
                 std::atomic_thread_fence(memory_order_release);
                 other.store(1, memory_order_relaxed);
                 flag.exchange(1, memory_order_relaxed);
               },
               [](int& data, word&, word& other) {
                 std::atomic<int> own{0};
                 own.load(memory_order_relaxed);
                 std::atomic_thread_fence(memory_order_acquire);
                 ++data;
                 told::wait_for(other, 1);
               }));
RAVEL_TOLD("fence: of the wrong order on each side", racy,
           hand_over(
               [](int& data, word& flag, word&) {
                 data = 1;
                 std::atomic_thread_fence(memory_order_acquire);
                 flag.store(1, memory_order_relaxed);
               },
               [](int& data, word& flag, word&) {
                 told::wait_for(flag, 1);
                 std::atomic_thread_fence(memory_order_release);
                 ++data;
               }));
RAVEL_TOLD("fence: for signal handlers, between threads", racy,
           hand_over(
               [](int& data, word& flag, word&) {
                 data = 1;
                 std::atomic_signal_fence(memory_order_release);
                 flag.store(1, memory_order_relaxed);
               },
               [](int& data, word& flag, word&) {
                 told::wait_for(flag, 1);
                 std::atomic_signal_fence(memory_order_acquire);
                 ++data;
               }));

}  // namespace
