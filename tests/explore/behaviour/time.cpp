// SPDX-License-Identifier: MIT
// Virtual time: sleeps end when nothing else can run, or early if they are short; clocks agree with them; neither
// spinning nor polling stops them, and long time-outs come for a reason only.
#include "behaviour.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <sys/time.h>
#include <time.h>

using namespace std::chrono_literals;

RAVEL_BEHAVIOUR({.name = "sleep for an hour", .options = {}, .body = [](ravel::trial& trial) {
                   std::atomic<int> order{0};
                   trial.threads(3, "sleeper", [&](ravel::worker& me) {
                     const auto start = std::chrono::steady_clock::now();
                     const auto wall = std::chrono::system_clock::now();
                     std::this_thread::sleep_for(1h * (me.index() + 1));
                     me.require_equal(order++, static_cast<int>(me.index()), "the shortest sleep ends first");
                     me.require(std::chrono::steady_clock::now() - start >= 1h, "the clock agrees");
                     me.require(std::chrono::system_clock::now() - wall >= 1h, "all clocks do");
                     std::this_thread::sleep_until(std::chrono::system_clock::now() + 24h);
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "clocks", .options = {}, .body = [](ravel::trial& trial) {
                   trial.threads(2, "looker", [&](ravel::worker& me) {
                     timeval old{};
                     gettimeofday(&old, nullptr);
                     timespec now{};
                     timespec_get(&now, TIME_UTC);
                     me.require(now.tv_sec > 1'600'000'000 && now.tv_sec >= old.tv_sec, "a time of our days");
                     me.require(time(nullptr) >= now.tv_sec, "it does not go back");
                     me.require(clock() >= 0, "processor time");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "locked steps take time", .options = {}, .body = [](ravel::trial& trial) {
                   std::mutex lock;
                   int sum = 0;
                   const auto start = std::chrono::steady_clock::now();
                   trial.threads(2, "adder", [&](ravel::worker&) {
                     for (int i = 0; i < 50; ++i) {
                       const std::lock_guard guard(lock);
                       ++sum;
                     }
                   });
                   trial.run();
                   // More than the two looks at the clock take by themselves.
                   trial.require(std::chrono::steady_clock::now() - start > 2us, "a hundred of them");
                 }});

RAVEL_BEHAVIOUR({.name = "waiting for a time by looking at the clock",
                 .options = {.executions = 50},
                 .body = [](ravel::trial& trial) {
                   trial.threads(2, "looker", [&](ravel::worker&) {
                     const auto until = std::chrono::steady_clock::now() + 10min;
                     while (std::chrono::steady_clock::now() < until) {
                     }
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "yielding while another sleeps",
                 .options = {.executions = 100},
                 .body = [](ravel::trial& trial) {
                   std::atomic<bool> is_set{false};
                   trial.thread("sleeper", [&](ravel::worker&) {
                     std::this_thread::sleep_for(1ms);
                     is_set = true;
                   });
                   trial.threads(2, "yielder", [&](ravel::worker&) {
                     while (!is_set) std::this_thread::yield();
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "polling with short sleeps", .options = {.executions = 100}, .body = [](ravel::trial& trial) {
                   std::atomic<bool> is_set{false};
                   trial.thread("setter", [&](ravel::worker&) {
                     std::this_thread::sleep_for(20ms);
                     is_set = true;
                   });
                   trial.threads(2, "poller", [&](ravel::worker&) {
                     while (!is_set) std::this_thread::sleep_for(1ms);
                   });
                   trial.run();
                 }});

namespace {

// One thread hopes that the other has done its work after a sleep.
ravel::body hopes_for(std::chrono::nanoseconds span) {
  return [=](ravel::trial& trial) {
    std::mutex lock;
    bool is_done = false;
    trial.thread("worker", [&](ravel::worker&) {
      const std::lock_guard guard(lock);
      is_done = true;
    });
    trial.thread("hopeful", [&](ravel::worker& me) {
      std::this_thread::sleep_for(span);
      const std::lock_guard guard(lock);
      me.require(is_done, "the work is done");
    });
    trial.run();
  };
}

// One waits for the other's signal, but not for ever. `work` is what the other does before.
template <class Work>
ravel::body waits_for(std::chrono::nanoseconds span, Work work) {
  return [=](ravel::trial& trial) {
    std::mutex lock;
    std::condition_variable changed;
    bool is_done = false;
    trial.thread("worker", [&](ravel::worker&) {
      work();
      const std::lock_guard guard(lock);
      is_done = true;
      changed.notify_one();
    });
    trial.thread("waiter", [&](ravel::worker& me) {
      std::unique_lock guard(lock);
      me.require(changed.wait_for(guard, span, [&] { return is_done; }), "in time");
    });
    trial.run();
  };
}

void polls(int times, std::chrono::nanoseconds period) {
  for (int i = 0; i < times; ++i) std::this_thread::sleep_for(period);
}

constexpr auto failed = ravel::finding_kind::requirement;

}  // namespace

RAVEL_BEHAVIOUR({.name = "a short sleep may end early", .due = failed, .options = {}, .body = hopes_for(500us)});
RAVEL_BEHAVIOUR({.name = "a short sleep, where nothing is held up",
                 .options = {.hold_up = 0},
                 .body = hopes_for(500us)});
RAVEL_BEHAVIOUR({.name = "a sleep as long as the hold-up", .due = failed, .options = {}, .body = hopes_for(99ms)});
RAVEL_BEHAVIOUR({.name = "a sleep longer than the hold-up", .options = {}, .body = hopes_for(101ms)});
RAVEL_BEHAVIOUR({.name = "a long hold-up", .due = failed, .options = {.hold_up = 10}, .body = hopes_for(5s)});
RAVEL_BEHAVIOUR({.name = "a time-out of a microsecond", .due = failed, .options = {}, .body = waits_for(1us, [] {})});
RAVEL_BEHAVIOUR({.name = "a time-out of 5 seconds", .options = {}, .body = waits_for(5s, [] {})});
RAVEL_BEHAVIOUR({.name = "a time-out of 5 seconds beside one who polls", .options = {}, .body = waits_for(5s, [] {
                                                                                          polls(100, 1ms);
                                                                                        })});
RAVEL_BEHAVIOUR({.name = "a time-out of 50 ms beside one who polls",
                 .due = failed,
                 .options = {},
                 .body = waits_for(50ms, [] { polls(100, 1ms); })});

// Each of its sleeps is short, but together they are longer than anybody is held up, at each of its few points.
RAVEL_BEHAVIOUR({.name = "many short sleeps hold nobody up for long", .options = {}, .body = [](ravel::trial& trial) {
                   std::mutex lock;
                   bool is_done = false;
                   trial.thread("worker", [&](ravel::worker&) {
                     const std::lock_guard guard(lock);
                     is_done = true;
                   });
                   trial.thread("poller", [&](ravel::worker& me) {
                     polls(300, 10ms);
                     const std::lock_guard guard(lock);
                     me.require(is_done, "the work is done after 3 s");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "who looks at the clock for long holds nobody up",
                 .options = {},
                 .body = [](ravel::trial& trial) {
                   std::mutex lock;
                   bool is_done = false;
                   trial.thread("worker", [&](ravel::worker&) {
                     const std::lock_guard guard(lock);
                     is_done = true;
                   });
                   trial.thread("looker", [&](ravel::worker& me) {
                     const auto end = std::chrono::steady_clock::now() + 5s;
                     while (std::chrono::steady_clock::now() < end) {
                     }
                     const std::lock_guard guard(lock);
                     me.require(is_done, "the work is done after 5 s");
                   });
                   trial.run();
                 }});

namespace {

// A daemon's loop, which ends only because every test must.
template <class Round>
ravel::body sleeps_beside(Round round) {
  return [=](ravel::trial& trial) {
    std::atomic<bool> is_over{false};
    std::atomic<long> count{0};
    trial.thread("daemon", [&](ravel::worker&) {
      while (!is_over) round(count);
    });
    trial.thread("sleeper", [&](ravel::worker&) {
      std::this_thread::sleep_for(10ms);
      std::this_thread::sleep_for(10s);
      is_over = true;
    });
    trial.run();
  };
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "asleep beside a daemon that yields",
                 .options = {.executions = 20},
                 .body = sleeps_beside([](std::atomic<long>&) { std::this_thread::yield(); })});
RAVEL_BEHAVIOUR({.name = "asleep beside a daemon that counts and yields",
                 .options = {.executions = 20},
                 .body = sleeps_beside([](std::atomic<long>& count) {
                   ++count;
                   std::this_thread::yield();
                 })});
RAVEL_BEHAVIOUR({.name = "asleep beside a daemon that polls",
                 .options = {.executions = 20},
                 .body = sleeps_beside([](std::atomic<long>&) { std::this_thread::sleep_for(1ms); })});
RAVEL_BEHAVIOUR({.name = "asleep beside two daemons", .options = {.executions = 20}, .body = [](ravel::trial& trial) {
                   std::atomic<bool> is_over{false};
                   trial.threads(2, "daemon", [&](ravel::worker& me) {
                     while (!is_over)
                       if (me.index() == 0)
                         std::this_thread::yield();
                       else
                         std::this_thread::sleep_for(1ms);
                   });
                   trial.thread("sleeper", [&](ravel::worker&) {
                     std::this_thread::sleep_for(10s);
                     is_over = true;
                   });
                   trial.run();
                 }});

// The poller wakes the waiter, once the setter's second is over: nothing for which the waiter's five have to pass.
RAVEL_BEHAVIOUR({.name = "a poller that will wake one who waits",
                 .options = {.executions = 20},
                 .body = [](ravel::trial& trial) {
                   std::mutex lock;
                   std::condition_variable changed;
                   bool is_done = false;
                   std::atomic<bool> is_set{false};
                   trial.thread("setter", [&](ravel::worker&) {
                     std::this_thread::sleep_for(3s);
                     is_set = true;
                   });
                   trial.thread("poller", [&](ravel::worker&) {
                     while (!is_set) std::this_thread::sleep_for(1ms);
                     const std::lock_guard guard(lock);
                     is_done = true;
                     changed.notify_one();
                   });
                   trial.thread("waiter", [&](ravel::worker& me) {
                     std::unique_lock guard(lock);
                     me.require(changed.wait_for(guard, 5s, [&] { return is_done; }), "in time");
                   });
                   trial.run();
                 }});
