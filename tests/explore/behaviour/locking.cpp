// SPDX-License-Identifier: MIT
// Every kind of lock, and what is done once.
#include "behaviour.hpp"

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <utility>

using namespace std::chrono_literals;

RAVEL_BEHAVIOUR({.name = "recursive, timed and shared mutexes", .options = {}, .body = [](ravel::trial& trial) {
                   std::recursive_mutex recursive;
                   std::timed_mutex timed;
                   std::recursive_timed_mutex recursive_timed;
                   std::shared_mutex shared;
                   std::shared_timed_mutex shared_timed;
                   int counted = 0, seen = 0;
                   trial.threads(3, "user", [&](ravel::worker& me) {
                     {
                       std::scoped_lock both(recursive, timed);
                       std::lock_guard again(recursive);
                       ++counted;
                     }
                     {
                       std::unique_lock hold(timed, 1h);
                       me.require(hold.owns_lock(), "within an hour");
                       ++counted;
                     }
                     {
                       std::unique_lock hold(recursive_timed, std::chrono::system_clock::now() + 1h);
                       me.require(hold.owns_lock() && recursive_timed.try_lock(), "twice by its owner");
                       recursive_timed.unlock();
                     }
                     if (me.index() == 0) {
                       std::unique_lock hold(shared);
                       ++seen;
                     } else {
                       std::shared_lock hold(shared);
                       me.require(seen == 0 || seen == 1, "before or after");
                     }
                     std::shared_lock hold(shared_timed, 1h);
                     me.require(hold.owns_lock(), "shared with the others");
                   });
                   trial.run();
                   trial.require_equal(counted, 6, "under the locks");
                 }});

RAVEL_BEHAVIOUR({.name = "try and time out", .options = {}, .body = [](ravel::trial& trial) {
                   std::timed_mutex lock;
                   std::shared_timed_mutex shared;
                   trial.thread("holder", [&](ravel::worker& me) {
                     lock.lock();
                     shared.lock();
                     std::thread([&] {
                       me.require(!lock.try_lock(), "it is held");
                       me.require(!lock.try_lock_for(1h), "for more than an hour");
                       me.require(!shared.try_lock_shared(), "that, too");
                       me.require(!shared.try_lock_shared_for(1h), "for as long");
                     }).join();
                     shared.unlock();
                     lock.unlock();
                   });
                   trial.run();
                 }});

namespace {

struct slow_to_make {
  int value = 0;
  slow_to_make() {
    static std::mutex within;
    std::lock_guard hold(within);
    value = 11;
  }
};

int made_static() {
  static slow_to_make one;
  return one.value;
}

// A fresh static each time, as far as one program can have them.
template <int Number>
int made_fresh() {
  static slow_to_make one;
  return one.value;
}
template <int... Numbers>
auto table_of(std::integer_sequence<int, Numbers...>) {
  return std::vector<int (*)()>{made_fresh<Numbers>...};
}

int throws_at_first(int& tries) {
  static const int one = [&] {
    if (++tries == 1) throw std::runtime_error("not yet");
    return 5;
  }();
  return one;
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "contended static initialiser",
                 .options = {.executions = 100},
                 .body = [](ravel::trial& trial) {
                   static const auto fresh = table_of(std::make_integer_sequence<int, 100>());
                   trial.threads(3, "user", [&](ravel::worker& me) {
                     me.require_equal(made_static(), 11, "made by whoever came first");
                     me.require_equal(fresh[(trial.number() - 1) % fresh.size()](), 11, "made in this execution");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "static initialiser that throws",
                 .options = {.executions = 20, .isolation = ravel::isolation::trial},
                 .body = [](ravel::trial& trial) {
                   int tries = 0, caught = 0;
                   std::mutex lock;
                   trial.threads(2, "user", [&](ravel::worker& me) {
                     try {
                       me.require_equal(throws_at_first(tries), 5, "made at the second try");
                     } catch (const std::runtime_error&) {
                       std::lock_guard hold(lock);
                       ++caught;
                     }
                   });
                   trial.run();
                   trial.require_equal(caught, 1, "one of them saw it fail");
                 }});

RAVEL_BEHAVIOUR({.name = "call once", .options = {}, .body = [](ravel::trial& trial) {
                   std::once_flag once, failing;
                   int made = 0, tries = 0;
                   trial.threads(3, "user", [&](ravel::worker& me) {
                     std::call_once(once, [&] {
                       std::mutex within;
                       std::lock_guard hold(within);
                       ++made;
                     });
                     me.require_equal(made, 1, "made once");
                     try {
                       std::call_once(failing, [&] {
                         if (++tries == 1) throw 1;
                       });
                     } catch (int) {
                     }
                   });
                   trial.run();
                   trial.require_equal(tries, 2, "tried again after an exception");
                 }});
