// SPDX-License-Identifier: MIT
// Canary: planted bugs that stress.plain must find without any sanitizer: two mutexes in opposite orders, and an entry
// that is never released. The orders are taken one after the other, so it never hangs, and it never depends on luck:
// the lock-order check must see from the orders alone that a deadlock is feasible.
#include <mutex>

#include <ravel/checks/ledger.hpp>
#include <ravel/report.hpp>
#include <ravel/stress.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

int main() {
  const ravel::report result = ravel::stress({.name = "canary: lock order", .rounds = 2}, [](ravel::trial& trial) {
    std::mutex first;
    std::mutex second;
    std::mutex turn;
    ravel::checks::ledger entries{trial, "planted"};
    int ended = 0;
    trial.threads(2, "locker", [&](ravel::worker& me) {
      const bool is_forward = me.index() == 0;
      // The second thread starts only when the first has let go of both, without a happens-before edge by create or
      // join.
      for (bool is_my_turn = is_forward; !is_my_turn;) {
        const std::lock_guard guard(turn);
        is_my_turn = ended == 1;
      }
      {
        const std::lock_guard outer(is_forward ? first : second);
        const std::lock_guard inner(is_forward ? second : first);
      }
      const std::lock_guard guard(turn);
      ++ended;
      entries.acquired(me.index());
    });
    trial.run();
  });
  ravel::print(result);
  return ravel::exit_code(result);
}
