// SPDX-License-Identifier: MIT
// Finite work is no livelock, however long it takes and whatever it looks like meanwhile.
#include "behaviour.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace {

// Of an execution, so that it does not take long to pass more.
constexpr std::uint64_t few_points = 50'000;

std::array<int, 15'000> table;

long sum_of_table() {
  long sum = 0;
  for (const int& number : table) sum += *const_cast<const volatile int*>(&number);
  return sum;
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "a long look at what nobody writes",
                 .options = {.executions = 3, .points = few_points},
                 .body = [](ravel::trial& trial) {
                   trial.thread("reader", [](ravel::worker& me) {
                     long sum = 0;
                     for (int i = 0; i < 15; ++i) sum += sum_of_table();  // 225,000 points, alone
                     me.require_equal(sum, 0L, "the table's sum");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "two long looks at what nobody writes",
                 .options = {.executions = 3, .points = few_points},
                 .body = [](ravel::trial& trial) {
                   trial.threads(2, "reader",
                                 [](ravel::worker& me) { me.require_equal(sum_of_table(), 0L, "the table's sum"); });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "spinning for a while before waiting",
                 .options = {.executions = 10},
                 .body = [](ravel::trial& trial) {
                   std::atomic<bool> is_set{false};
                   std::mutex lock;
                   std::condition_variable changed;
                   trial.thread("waiter", [&](ravel::worker&) {
                     for (int i = 0; i < 2'000; ++i)
                       if (is_set) return;
                     std::unique_lock guard(lock);
                     changed.wait(guard, [&] { return is_set.load(); });
                   });
                   trial.thread("setter", [&](ravel::worker&) {
                     long sum = sum_of_table();
                     const std::lock_guard guard(lock);
                     is_set = sum == 0;
                     changed.notify_one();
                   });
                   trial.run();
                 }});

// Each takes its own lock first, and gives it back when it cannot have the other: they step back before each other, but
// not for ever under fair turns.
RAVEL_BEHAVIOUR({.name = "two polite threads", .options = {.executions = 50}, .body = [](ravel::trial& trial) {
                   std::mutex locks[2];
                   int done = 0;
                   trial.threads(2, "polite", [&](ravel::worker& me) {
                     std::mutex& mine = locks[me.index()];
                     std::mutex& other = locks[1 - me.index()];
                     for (;;) {
                       const std::lock_guard guard(mine);
                       if (!other.try_lock()) continue;
                       ++done;
                       other.unlock();
                       break;
                     }
                   });
                   trial.run();
                   trial.require_equal(done, 2, "both");
                 }});
