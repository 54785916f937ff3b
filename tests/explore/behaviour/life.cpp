// SPDX-License-Identifier: MIT
// How threads begin and end: thread-locals, pthread_exit, small stacks, detached, a thousand at once, one that lives
// on.
#include "behaviour.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <cfenv>
#include <climits>
#include <stdexcept>

namespace {

std::mutex global_lock;
int ended_threads = 0;

struct locks_at_the_end {
  pthread_t self = pthread_self();
  bool is_used = false;
  ~locks_at_the_end() {
    std::lock_guard hold(global_lock);
    ended_threads += pthread_equal(self, pthread_self()) != 0 ? 1 : 1000;
  }
};
thread_local locks_at_the_end last_words;
thread_local int own_value = 0;

void* exits_early(void* result) {
  last_words.is_used = true;
  std::unique_ptr<int> is_unwound(new int(1));
  pthread_exit(result);
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "a thread-local destructor that locks", .options = {}, .body = [](ravel::trial& trial) {
                   ended_threads = 0;
                   trial.thread("owner", [](ravel::worker&) {
                     std::thread one([] { last_words.is_used = true; });
                     std::thread other([] { last_words.is_used = true; });
                     one.join();
                     other.join();
                   });
                   trial.run();
                   trial.require_equal(ended_threads, 2, "both destructors ran, on their own threads");
                 }});

RAVEL_BEHAVIOUR({.name = "pthread_exit", .options = {.executions = 100}, .body = [](ravel::trial& trial) {
                   ended_threads = 0;
                   int marker = 0;
                   trial.thread("leaver", [&](ravel::worker&) {
                     last_words.is_used = true;
                     pthread_exit(nullptr);
                   });
                   trial.thread("owner", [&](ravel::worker& me) {
                     pthread_t thread;
                     void* result = nullptr;
                     pthread_create(&thread, nullptr, exits_early, &marker);
                     pthread_join(thread, &result);
                     me.require(result == &marker, "its result is handed on");
                   });
                   trial.run();
                   trial.require_equal(ended_threads, 2, "both destructors ran");
                 }});

RAVEL_BEHAVIOUR({.name = "who a thread is", .options = {}, .body = [](ravel::trial& trial) {
                   trial.threads(2, "owner", [](ravel::worker& me) {
                     struct told {
                       pthread_t self = 0;
                       int* value = nullptr;
                       pid_t id = 0;
                     } told;
                     own_value = 1;
                     pthread_t created;
                     pthread_create(
                         &created, nullptr,
                         [](void* argument) -> void* {
                           auto& out = *static_cast<struct told*>(argument);
                           out.self = pthread_self();
                           out.value = &own_value;
                           out.id = gettid();
                           sched_yield();
                           if (out.value != &own_value || out.id != gettid()) out.self = 0;
                           return nullptr;
                         },
                         &told);
                     const int mine = gettid();
                     pthread_join(created, nullptr);
                     me.require(told.self == created, "pthread_self is what pthread_create said");
                     me.require(told.value != &own_value, "its thread-local is its own");
                     me.require(told.id != mine && gettid() == mine, "its kernel id, too");
                     me.require_equal(own_value, 1, "mine was left alone");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "small stacks", .options = {}, .body = [](ravel::trial& trial) {
                   static std::mutex lock;
                   static int count;
                   count = 0;
                   trial.thread("owner", [](ravel::worker& me) {
                     pthread_attr_t attributes;
                     pthread_attr_init(&attributes);
                     const std::size_t least =
                         std::max<std::size_t>(16 * 1024, PTHREAD_STACK_MIN);  // 128 KiB on AArch64
                     me.require_equal(pthread_attr_setstacksize(&attributes, least), 0, "the least is allowed");
                     pthread_t threads[3];
                     for (pthread_t& one : threads)
                       me.require_equal(pthread_create(
                                            &one, &attributes,
                                            [](void*) -> void* {
                                              volatile char used[2048];
                                              used[0] = 1;
                                              used[2047] = 1;
                                              std::lock_guard hold(lock);
                                              count += used[0];
                                              return nullptr;
                                            },
                                            nullptr),
                                        0, "created");
                     for (pthread_t one : threads) pthread_join(one, nullptr);
                     pthread_attr_destroy(&attributes);
                   });
                   trial.run();
                   trial.require_equal(count, 3, "all ran");
                 }});

RAVEL_BEHAVIOUR({.name = "rounding mode", .options = {}, .body = [](ravel::trial& trial) {
                   std::atomic<int> ready{0};
                   constexpr int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};
                   trial.threads(4, "counter", [&](ravel::worker& me) {
                     std::fesetround(modes[me.index()]);
                     ++ready;
                     std::this_thread::yield();
                     me.require_equal(std::fegetround(), modes[me.index()], "each keeps its own");
                     std::thread([&] { me.require_equal(std::fegetround(), modes[me.index()], "inherited"); }).join();
                     std::fesetround(FE_TONEAREST);
                   });
                   trial.run();
                 }});

// Each execution has a process of its own, which is kept on one processor; the target is not to know.
const cpu_set_t processors = [] {
  cpu_set_t all;
  sched_getaffinity(0, sizeof all, &all);
  return all;
}();

RAVEL_BEHAVIOUR({.name = "processors",
                 .options = {.executions = 20, .isolation = ravel::isolation::trial},
                 .body = [](ravel::trial& trial) {
                   trial.threads(2, "counter", [](ravel::worker& me) {
                     cpu_set_t seen, one;
                     me.require_equal(sched_getaffinity(0, sizeof seen, &seen), 0, "told");
                     me.require(CPU_EQUAL(&seen, &processors), "all are there");
                     me.require_equal(pthread_getaffinity_np(pthread_self(), sizeof seen, &seen), 0, "told once more");
                     CPU_ZERO(&one);
                     for (int i = 0; CPU_COUNT(&one) == 0; ++i)
                       if (CPU_ISSET(i, &processors)) CPU_SET(i, &one);
                     me.require_equal(sched_setaffinity(0, sizeof one, &one), 0, "set");
                     me.require_equal(sched_getaffinity(0, sizeof seen, &seen), 0, "and told");
                     me.require(CPU_EQUAL(&seen, &one), "what it has set");
                     me.require_equal(sched_setaffinity(0, sizeof processors, &processors), 0, "set back");
                   });
                   trial.run();
                   cpu_set_t seen;
                   sched_getaffinity(0, sizeof seen, &seen);
                   if (!CPU_EQUAL(&seen, &processors)) throw std::runtime_error("the body's own has changed");
                 }});

RAVEL_BEHAVIOUR({.name = "setgid", .options = {.executions = 50}, .body = [](ravel::trial& trial) {
                   trial.threads(2, "changer", [](ravel::worker& me) {
                     std::thread one([] { std::this_thread::yield(); });
                     me.require_equal(setgid(getgid()), 0, "told to all threads");
                     one.join();
                     me.require_equal(setuid(getuid()), 0, "and again");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "detached threads", .options = {}, .body = [](ravel::trial& trial) {
                   auto done = std::make_shared<std::atomic<int>>(0);
                   trial.threads(2, "owner", [done](ravel::worker&) { std::thread([done] { ++*done; }).detach(); });
                   trial.run();
                   while (*done != 2) std::this_thread::yield();
                 }});

// Each execution takes seconds under TSan: without the four more that look for nondeterminism.
RAVEL_BEHAVIOUR({.name = "a thousand threads",
                 .options = {.executions = 2, .without = {"nondeterminism"}},
                 .body = [](ravel::trial& trial) {
                   trial.thread("owner", [](ravel::worker& me) {
                     std::mutex lock;
                     int count = 0;
                     std::vector<std::thread> threads;
                     for (int i = 0; i < 1'000; ++i)
                       threads.emplace_back([&] {
                         std::lock_guard hold(lock);
                         ++count;
                       });
                     for (std::thread& one : threads) one.join();
                     me.require_equal(count, 1'000, "all ran");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "exceptions within and across threads", .options = {}, .body = [](ravel::trial& trial) {
                   trial.threads(3, "thrower", [](ravel::worker& me) {
                     int caught = 0;
                     std::exception_ptr kept;
                     for (int i = 1; i <= 3; ++i) {
                       try {
                         try {
                           throw i;
                         } catch (int) {
                           std::this_thread::yield();  // while it is handled
                           throw;
                         }
                       } catch (int what) {
                         kept = std::current_exception();
                         caught += what;
                       }
                     }
                     me.require_equal(caught, 6, "each its own");
                     int crossed = 0;
                     std::thread([&] {
                       try {
                         std::rethrow_exception(kept);
                       } catch (int what) {
                         crossed = what;
                       }
                     }).join();
                     me.require_equal(crossed, 3, "in another thread");
                   });
                   trial.run();
                 }});

namespace {

// A pool that is made at its first use and lives on.
class survivor {
 public:
  survivor() {
    std::thread([this] {
      std::unique_lock hold(lock_);
      for (;;) {
        asked_.wait(hold, [this] { return wanted_ != done_; });
        done_ = wanted_;
        answered_.notify_all();
      }
    }).detach();
  }
  void ask() {
    std::unique_lock hold(lock_);
    const int mine = ++wanted_;
    asked_.notify_one();
    answered_.wait(hold, [&] { return done_ >= mine; });
  }
  int done() {
    std::lock_guard hold(lock_);
    return done_;
  }

 private:
  std::mutex lock_;
  std::condition_variable asked_, answered_;
  int wanted_ = 0, done_ = 0;
};

}  // namespace

RAVEL_BEHAVIOUR({.name = "a thread that lives across executions",
                 .options = {.without = {"census"}},
                 .body = [](ravel::trial& trial) {
                   static survivor& pool = *new survivor;
                   trial.threads(2, "client", [](ravel::worker&) { pool.ask(); });
                   trial.run();
                   trial.require(pool.done() >= 2, "it answered");
                 }});
