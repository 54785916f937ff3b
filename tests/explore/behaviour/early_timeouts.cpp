// SPDX-License-Identifier: MIT
// With .has_early_timeouts a time-out that is longer than the hold-up may come although what is waited for would: in
// every call with a time-out. Without it, none does.
#include "behaviour.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

timespec after_five_seconds() {
  timespec until{};
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 5;
  return until;
}

// What one thread waits for and another gives.
struct awaited {
  virtual ~awaited() = default;
  virtual bool wait() = 0;  // for 5 s; whether it came
  virtual void give() = 0;
};

struct by_condition : awaited {
  std::mutex lock;
  std::condition_variable condition;
  bool is_given = false;
  void give() override {
    const std::lock_guard guard(lock);
    is_given = true;
    condition.notify_one();
  }
};
struct by_timedwait : by_condition {
  bool wait() override {
    std::unique_lock guard(lock);
    const timespec until = after_five_seconds();
    while (!is_given)
      if (pthread_cond_timedwait(condition.native_handle(), lock.native_handle(), &until) != 0) return is_given;
    return true;
  }
};
struct by_wait_for : by_condition {
  bool wait() override {
    std::unique_lock guard(lock);
    return condition.wait_for(guard, 5s, [&] { return is_given; });
  }
};
struct by_c11_condition : awaited {
  mtx_t lock;
  cnd_t condition;
  bool is_given = false;
  by_c11_condition() {
    mtx_init(&lock, mtx_plain);
    cnd_init(&condition);
  }
  ~by_c11_condition() override {
    cnd_destroy(&condition);
    mtx_destroy(&lock);
  }
  bool wait() override {
    mtx_lock(&lock);
    const timespec until = after_five_seconds();
    while (!is_given && cnd_timedwait(&condition, &lock, &until) == thrd_success) {
    }
    const bool came = is_given;
    mtx_unlock(&lock);
    return came;
  }
  void give() override {
    mtx_lock(&lock);
    is_given = true;
    cnd_signal(&condition);
    mtx_unlock(&lock);
  }
};
// A lock that the other one has, and gives back.
template <class Lock, class Try>
struct by_lock : awaited {
  Lock lock;
  Try take;
  explicit by_lock(Try how) : take(how) {}
  bool wait() override { return take(lock); }
  void give() override {
    lock.lock();
    sched_yield();
    lock.unlock();
  }
};
struct by_semaphore : awaited {
  sem_t semaphore;
  by_semaphore() { sem_init(&semaphore, 0, 0); }
  ~by_semaphore() override { sem_destroy(&semaphore); }
  bool wait() override {
    const timespec until = after_five_seconds();
    return sem_timedwait(&semaphore, &until) == 0;
  }
  void give() override { sem_post(&semaphore); }
};
struct by_future : awaited {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  bool wait() override { return future.wait_for(5s) == std::future_status::ready; }
  void give() override { promise.set_value(1); }
};
struct by_descriptor : awaited {
  int descriptor = eventfd(0, EFD_CLOEXEC);
  ~by_descriptor() override { close(descriptor); }
  void give() override { eventfd_write(descriptor, 1); }
};
struct by_poll : by_descriptor {
  bool wait() override {
    pollfd one{descriptor, POLLIN, 0};
    return poll(&one, 1, 5000) == 1;
  }
};
struct by_select : by_descriptor {
  bool wait() override {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(descriptor, &set);
    timeval most{5, 0};
    return select(descriptor + 1, &set, nullptr, nullptr, &most) == 1;
  }
};
struct by_epoll : by_descriptor {
  int all = epoll_create1(EPOLL_CLOEXEC);
  ~by_epoll() override { close(all); }
  bool wait() override {
    epoll_event one{EPOLLIN, {}};
    epoll_ctl(all, EPOLL_CTL_ADD, descriptor, &one);
    return epoll_wait(all, &one, 1, 5000) == 1;
  }
};
struct by_signal : awaited {
  sigset_t set, before;
  by_signal() {
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, &before);
  }
  ~by_signal() override {
    const timespec at_once{};
    while (sigtimedwait(&set, nullptr, &at_once) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  bool wait() override {
    const timespec most{5, 0};
    return sigtimedwait(&set, nullptr, &most) == SIGUSR1;
  }
  void give() override { kill(getpid(), SIGUSR1); }
};

template <class Lock>
std::unique_ptr<awaited> lock_for() {
  const auto take = [](Lock& lock) {
    const bool came = lock.try_lock_for(5s);
    if (came) lock.unlock();
    return came;
  };
  return std::make_unique<by_lock<Lock, decltype(take)>>(take);
}
std::unique_ptr<awaited> shared_for() {
  const auto take = [](std::shared_timed_mutex& lock) {
    const bool came = lock.try_lock_shared_for(5s);
    if (came) lock.unlock_shared();
    return came;
  };
  return std::make_unique<by_lock<std::shared_timed_mutex, decltype(take)>>(take);
}
// Nobody has it.
struct by_free_lock : awaited {
  std::timed_mutex lock;
  sem_t semaphore;
  by_free_lock() { sem_init(&semaphore, 0, 1); }
  ~by_free_lock() override { sem_destroy(&semaphore); }
  bool wait() override {
    const timespec until = after_five_seconds();
    const bool came = lock.try_lock_for(5s) && sem_timedwait(&semaphore, &until) == 0;
    if (came) lock.unlock();
    return came;
  }
  void give() override {}
};
template <class Awaited>
std::unique_ptr<awaited> make() {
  return std::make_unique<Awaited>();
}

// Who decides of time is the same code in each variant: where an execution takes long, a lock, a condition and a
// descriptor stand for all.
bool is_for_this_variant(std::string_view name) {
  const bool is_slow = behaviour::variant() == "thread" || behaviour::variant() == "address";
  return !is_slow || name == "pthread_cond_timedwait" || name == "timed_mutex" || name == "poll";
}

bool add(const char* name, std::unique_ptr<awaited> (*make)(), bool may_come_early = true) {
  if (!is_for_this_variant(name)) return false;
  const auto body = [make](ravel::trial& trial) {
    const std::unique_ptr<awaited> one = make();
    trial.thread("waiter", [&](ravel::worker& me) { me.require(one->wait(), "it came within 5 s"); });
    trial.thread("giver", [&](ravel::worker&) { one->give(); });
    trial.run();
  };
  behaviour::add({.name = std::string("early time-out: ") + name,
                  .due = may_come_early ? std::optional(ravel::finding_kind::requirement) : std::nullopt,
                  .options = {.executions = 200, .has_early_timeouts = true},
                  .body = body});
  return behaviour::add({.name = std::string("no early time-out: ") + name, .options = {}, .body = body});
}

[[maybe_unused]] const bool are_added[] = {
    add("pthread_cond_timedwait", make<by_timedwait>),
    add("condition_variable::wait_for", make<by_wait_for>),
    add("cnd_timedwait", make<by_c11_condition>),
    add("timed_mutex", lock_for<std::timed_mutex>),
    add("recursive_timed_mutex", lock_for<std::recursive_timed_mutex>),
    add("shared_timed_mutex", lock_for<std::shared_timed_mutex>),
    add("shared_timed_mutex, shared", shared_for),
    add("sem_timedwait", make<by_semaphore>),
    add("future::wait_for", make<by_future>),
    add("poll", make<by_poll>),
    add("select", make<by_select>),
    add("epoll_wait", make<by_epoll>),
    add("sigtimedwait", make<by_signal>),
    add("what is there", make<by_free_lock>, false),
};

}  // namespace
