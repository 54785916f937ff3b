// SPDX-License-Identifier: MIT
// Virtual time: sleeps end when nothing else can run, clocks agree with them, spinning does not stop them.
#include "behaviour.hpp"

#include <atomic>
#include <chrono>
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
