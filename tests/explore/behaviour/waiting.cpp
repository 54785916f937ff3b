// SPDX-License-Identifier: MIT
// The ways of C++20 to wait: atomic::wait, latch, barrier, semaphore, future, stop_token, condition variables.
#include "behaviour.hpp"

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;

RAVEL_BEHAVIOUR({.name = "atomic wait and notify", .options = {}, .body = [](ravel::trial& trial) {
                   std::atomic<int> turn{0};
                   int written = 0;
                   trial.threads(3, "player", [&](ravel::worker& me) {
                     const int mine = static_cast<int>(me.index());
                     for (int now = turn.load(); now != mine; now = turn.load()) turn.wait(now);
                     ++written;
                     turn.store(mine + 1);
                     turn.notify_all();
                   });
                   trial.run();
                   trial.require_equal(written, 3, "each had its turn");
                 }});

RAVEL_BEHAVIOUR({.name = "atomic flag and wide atomic wait", .options = {}, .body = [](ravel::trial& trial) {
                   std::atomic_flag flag{};
                   std::atomic<long long> wide{0};
                   int data = 0;
                   trial.thread("setter", [&](ravel::worker&) {
                     data = 1;
                     flag.test_and_set();
                     flag.notify_one();
                     wide.store(1LL << 40);
                     wide.notify_one();
                   });
                   trial.thread("waiter", [&](ravel::worker& me) {
                     flag.wait(false);
                     me.require_equal(data, 1, "what was written before");
                     wide.wait(0);
                     me.require_equal(wide.load(), 1LL << 40, "the value waited for");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "latch", .options = {}, .body = [](ravel::trial& trial) {
                   std::latch all(3);
                   int written[3] = {};
                   trial.threads(3, "worker", [&](ravel::worker& me) {
                     written[me.index()] = 1;
                     all.arrive_and_wait();
                     me.require_equal(written[0] + written[1] + written[2], 3, "all have arrived");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "barrier", .options = {}, .body = [](ravel::trial& trial) {
                   int completions = 0;
                   auto count = [&]() noexcept { ++completions; };
                   std::barrier all(3, count);
                   int written[3] = {};
                   trial.threads(3, "worker", [&](ravel::worker& me) {
                     for (int round = 1; round <= 3; ++round) {
                       written[me.index()] = round;
                       all.arrive_and_wait();
                       me.require_equal(written[0] + written[1] + written[2], 3 * round, "all are in the round");
                       all.arrive_and_wait();
                     }
                   });
                   trial.run();
                   trial.require_equal(completions, 6, "phases");
                 }});

// One waiter only: with two, libstdc++ 12's semaphore can sleep for ever, as Ravel finds. A waiter loads the counter,
// another thread takes what is there and gives it back, and the waiter goes to sleep for as long as the counter is
// that.
RAVEL_BEHAVIOUR({.name = "counting semaphore", .options = {}, .body = [](ravel::trial& trial) {
                   std::counting_semaphore<8> goods(0);
                   std::binary_semaphore ready(0);
                   std::atomic<int> made{0};
                   trial.threads(2, "maker", [&](ravel::worker&) {
                     for (int i = 0; i < 2; ++i) {
                       ++made;
                       goods.release();
                     }
                   });
                   trial.thread("taker", [&](ravel::worker& me) {
                     for (int taken = 1; taken <= 4; ++taken) {
                       goods.acquire();
                       me.require(made >= taken, "nothing is taken that is not made");
                     }
                     ready.release();
                   });
                   trial.thread("host", [&](ravel::worker&) { static_cast<void>(ready.try_acquire_for(0s)); });
                   trial.run();
                   trial.require(!goods.try_acquire(), "nothing is left");
                 }});

RAVEL_BEHAVIOUR({.name = "semaphore with a time limit", .options = {}, .body = [](ravel::trial& trial) {
                   std::counting_semaphore<1> never(0);
                   trial.thread("waiter", [&](ravel::worker& me) {
                     const auto start = std::chrono::steady_clock::now();
                     me.require(!never.try_acquire_for(1h), "nobody releases it");
                     me.require(std::chrono::steady_clock::now() - start >= 1h, "an hour has passed");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "promise, future and async", .options = {}, .body = [](ravel::trial& trial) {
                   std::promise<int> promise;
                   std::shared_future<int> future = promise.get_future().share();
                   trial.thread("giver", [&](ravel::worker&) { promise.set_value(7); });
                   trial.threads(2, "taker", [&, future](ravel::worker& me) {
                     me.require_equal(future.get(), 7, "the promised value");
                   });
                   trial.thread("caller", [&](ravel::worker& me) {
                     std::future<int> sum = std::async(std::launch::async, [] { return 20 + 22; });
                     std::future<void> thrown = std::async(std::launch::async, [] { throw 5; });
                     me.require_equal(sum.get(), 42, "the result of async");
                     int caught = 0;
                     try {
                       thrown.get();
                     } catch (int what) {
                       caught = what;
                     }
                     me.require_equal(caught, 5, "an exception crosses threads");
                     std::promise<void> never;
                     me.require(never.get_future().wait_for(1h) == std::future_status::timeout, "it never comes");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "jthread and stop token", .options = {}, .body = [](ravel::trial& trial) {
                   trial.thread("owner", [](ravel::worker& me) {
                     std::mutex lock;
                     std::condition_variable_any changed;
                     bool has_stopped = false;
                     {
                       std::jthread waiter([&](std::stop_token stop) {
                         std::unique_lock hold(lock);
                         changed.wait(hold, stop, [] { return false; });
                         has_stopped = stop.stop_requested();
                       });
                     }
                     me.require(has_stopped, "the stop came through");
                     int called = 0;
                     std::stop_source source;
                     std::stop_callback callback(source.get_token(), [&] { ++called; });
                     std::jthread stopper([&] { source.request_stop(); });
                     stopper.join();
                     me.require_equal(called, 1, "the callback ran once");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "condition variables", .options = {}, .body = [](ravel::trial& trial) {
                   std::mutex lock;
                   std::condition_variable changed;
                   std::condition_variable_any changed_any;
                   int stage = 0;
                   trial.thread("first", [&](ravel::worker&) {
                     std::unique_lock hold(lock);
                     changed.wait(hold, [&] { return stage == 1; });
                     stage = 2;
                     changed_any.notify_all();
                   });
                   trial.thread("second", [&](ravel::worker& me) {
                     {
                       std::lock_guard hold(lock);
                       stage = 1;
                     }
                     changed.notify_one();
                     std::unique_lock hold(lock);
                     changed_any.wait(hold, [&] { return stage == 2; });
                     const auto start = std::chrono::steady_clock::now();
                     me.require(!changed.wait_for(hold, 1h, [] { return false; }), "it times out");
                     me.require(std::chrono::steady_clock::now() - start >= 1h, "after an hour");
                     me.require(
                         changed.wait_until(hold, std::chrono::system_clock::now() + 24h) == std::cv_status::timeout,
                         "by the calendar, too");
                   });
                   trial.run();
                 }});

// In thread TSan alone takes this for a race (gcc 12, clang 14, clang 19): the C++ library's part of it, which runs
// when the thread ends, is not instrumented.
static const bool notifies_at_exit =
    behaviour::variant() != "thread" &&
    behaviour::add({.name = "notify at thread exit", .options = {}, .body = [](ravel::trial& trial) {
                      trial.thread("owner", [](ravel::worker& me) {
                        std::promise<int> promise;
                        auto future = promise.get_future();
                        std::thread([&] { promise.set_value_at_thread_exit(3); }).detach();
                        me.require_equal(future.get(), 3, "set at the end of a detached thread");
                      });
                      trial.run();
                    }});
