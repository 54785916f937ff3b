// SPDX-License-Identifier: MIT
// Interception end to end: threads that the target makes get records and names, end in every way that threads
// can end, and are given back; locks taken through libstdc++, C11 and thread-local destructors are seen; a
// forked process and the time between rounds are not watched.
#include "catch.hpp"

#include <ravel/stress.hpp>
#include <ravel/thread_record.hpp>

#include <pthread.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <thread>

using ravel::finding_kind;

namespace {

#if defined(__SANITIZE_THREAD__)
constexpr bool is_under_tsan = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool is_under_tsan = true;
#else
constexpr bool is_under_tsan = false;
#endif
#else
constexpr bool is_under_tsan = false;
#endif

ravel::report run(std::uint64_t rounds, const ravel::body& body) {
  return ravel::stress({.name = "intercept", .rounds = rounds, .round_limit = 20}, body);
}
std::string name_here() {
  const ravel::thread_record* record = ravel::this_thread();
  return record == nullptr ? "" : record->name.c_str();
}
std::uint32_t held_here() {
  const ravel::thread_record* record = ravel::this_thread();
  return record == nullptr ? 99 : record->held_count.load();
}

struct lock_at_the_end {
  std::mutex* lock = nullptr;
  ~lock_at_the_end() {
    if (lock == nullptr) return;
    lock->lock();
    if (held_here() != 1) _exit(3);  // seen as a finding: the process ended
    lock->unlock();
  }
};
thread_local lock_at_the_end last_words;

}  // namespace

TEST_CASE("intercept: created threads are named by who created them", "[harness]") {
  const ravel::report report = run(3, [](ravel::trial& trial) {
    std::string of_main, second, of_child;
    std::thread([&] { of_main = name_here(); }).join();
    std::thread([&] {
      second = name_here();
      std::thread([&] { of_child = name_here(); }).join();
    }).join();
    trial.require_equal(of_main, std::string("main/thread 1"), "the first thread of main");
    trial.require_equal(second, std::string("main/thread 2"), "the second thread of main");
    trial.require_equal(of_child, std::string("main/thread 2/thread 1"), "a thread of a thread");
    std::string of_worker;
    trial.thread("client", [&](ravel::worker&) { std::thread([&] { of_worker = name_here(); }).join(); });
    trial.run();
    trial.require_equal(of_worker, std::string("client#0/thread 1"), "a thread of a worker");
  });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.threads_seen >= 4);
}

TEST_CASE("intercept: threads end by return, pthread_exit, cancellation, detached, and leave nothing behind",
          "[harness]") {
  const ravel::report report = run(300, [](ravel::trial& trial) {
    std::mutex lock;
    pthread_t thread;
    void* result = nullptr;
    pthread_create(
        &thread, nullptr,
        [](void* argument) -> void* {
          last_words.lock = static_cast<std::mutex*>(argument);
          pthread_exit(argument);
        },
        &lock);
    pthread_join(thread, &result);
    trial.require(result == &lock, "pthread_exit hands on its value");

    pthread_create(
        &thread, nullptr,
        [](void* argument) -> void* {
          last_words.lock = static_cast<std::mutex*>(argument);
          for (;;) pause();
        },
        &lock);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    trial.require(result == PTHREAD_CANCELED, "a cancelled thread says so");

    std::promise<void> done;
    std::thread([&] {
      // What makes it ready at the thread's exit is compiled in libstdc++.so, where TSan does not see the edge.
      if (is_under_tsan)
        done.set_value();
      else
        done.set_value_at_thread_exit();
    }).detach();
    done.get_future().wait();

    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    pthread_create(&thread, &attributes, [](void* argument) -> void* { return argument; }, &lock);
    pthread_attr_destroy(&attributes);
    trial.require(pthread_timedjoin_np(thread, &result, nullptr) == 0, "a join without a limit by the timed call");
  });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.trials_run == 300);
  CHECK(std::ranges::none_of(report.notes,
                             [](const std::string& note) { return note.find("unobserved") != std::string::npos; }));
}

TEST_CASE("intercept: a cancelled condition wait has its mutex back for the clean-up", "[harness]") {
  const ravel::report report = run(20, [](ravel::trial& trial) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    static std::atomic<bool> waits;
    static std::atomic<std::uint32_t> held;
    waits = false;
    held = 77;
    pthread_t thread;
    pthread_create(
        &thread, nullptr,
        [](void*) -> void* {
          pthread_mutex_lock(&lock);
          pthread_cleanup_push(
              [](void*) {
                held = held_here();
                pthread_mutex_unlock(&lock);
              },
              nullptr);
          waits = true;
          for (;;) pthread_cond_wait(&never, &lock);
          pthread_cleanup_pop(0);
          return nullptr;
        },
        nullptr);
    while (!waits) std::this_thread::yield();
    pthread_mutex_lock(&lock);  // it waits now
    pthread_mutex_unlock(&lock);
    pthread_cancel(thread);
    pthread_join(thread, nullptr);
    trial.require_equal(held.load(), 1u, "locks held in the clean-up handler");
  });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("intercept: what libstdc++ does to the target's mutex is seen, its own locks are not", "[harness]") {
  const ravel::report report = run(20, [](ravel::trial& trial) {
    std::mutex lock;
    std::condition_variable changed;
    bool is_ready = false;
    std::uint32_t before = 9, after = 9;
    trial.thread("waiter", [&](ravel::worker&) {
      std::unique_lock hold(lock);
      before = held_here();
      changed.wait(hold, [&] { return is_ready; });
      after = held_here();
    });
    trial.thread("setter", [&](ravel::worker&) {
      {
        std::lock_guard hold(lock);
        is_ready = true;
      }
      changed.notify_all();
      static_cast<void>(std::locale("C").name());
    });
    trial.run();
    trial.require_equal(before, 1u, "held before the wait");
    trial.require_equal(after, 1u, "held after the wait");
  });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("intercept: C11 threads and mutexes are seen", "[harness]") {
  const ravel::report report = run(5, [](ravel::trial& trial) {
    static mtx_t lock;
    static std::atomic<std::uint32_t> held;
    mtx_init(&lock, mtx_plain);
    trial.require(mtx_lock(&lock) == thrd_success, "mtx_lock");
    trial.require_equal(held_here(), 1u, "held after mtx_lock");
    trial.require(mtx_trylock(&lock) == thrd_busy, "a second try is refused");
    mtx_unlock(&lock);
    trial.require_equal(held_here(), 0u, "held after mtx_unlock");
    thrd_t thread;
    int result = 0;
    trial.require(thrd_create(
                      &thread,
                      [](void*) {
                        mtx_lock(&lock);
                        held = held_here();
                        mtx_unlock(&lock);
                        return -7;
                      },
                      nullptr) == thrd_success,
                  "thrd_create");
    thrd_join(thread, &result);
    trial.require_equal(result, -7, "the thread's result");
    trial.require_equal(held.load(), 1u, "held in the thread");
    mtx_destroy(&lock);
  });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("intercept: a process that the target forks is not watched", "[harness]") {
  const ravel::report report = run(5, [](ravel::trial& trial) {
    trial.thread("forker", [](ravel::worker& me) {
      const pid_t child = fork();
      if (child == 0) {
        static std::mutex one;
        one.lock();  // never unlocked: not Ravel's affair
        // TSan ends a child of a process with threads when it starts a thread of its own.
        if (!is_under_tsan) std::thread([] {}).join();
        _exit(held_here() == 0 ? 0 : 1);
      }
      int status = 0;
      waitpid(child, &status, 0);
      me.require_equal(status, 0, "the child's status");
    });
    trial.run();
  });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("intercept: outside a run nothing is recorded and everything works", "[harness]") {
  std::mutex lock;
  lock.lock();
  CHECK(ravel::this_thread() == nullptr);
  CHECK_FALSE(lock.try_lock());
  std::thread([] { CHECK(ravel::this_thread() == nullptr); }).join();
  lock.unlock();
  std::timed_mutex timed;
  CHECK(timed.try_lock_for(std::chrono::milliseconds(1)));
  timed.unlock();
}
