// SPDX-License-Identifier: MIT
// Built by check.cmake with several compilers, and once more with lines added above: a check-then-act in a shop, with
// plain, atomic and locked accesses. Exit code 1 means that it was found.
#include <ravel/report.hpp>
#include <ravel/run_test.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

#include <atomic>
#include <mutex>
#include <vector>

namespace {

struct shop {
  std::mutex lock;
  std::vector<int> items;
  std::atomic<int> count{0};
};

int balance = 0;

void buy(shop& from) {
  if (from.count.load() == 0) return;
  std::lock_guard guard(from.lock);
  if (from.items.empty()) {
    balance = balance - 10;
  } else {
    from.items.pop_back();
    balance = balance - 1;
  }
  from.count.fetch_sub(1);
}

}  // namespace

int main() {
  const ravel::report result = ravel::run_test({.name = "shop", .executions = 2000}, [](ravel::trial& trial) {
    shop one;
    balance = 1;
    one.items.push_back(1);
    one.count = 1;
    trial.threads(3, "buyer", [&](ravel::worker&) { buy(one); });
    trial.run();
    trial.require(balance == 0, "nobody buys what is sold");
  });
  ravel::print(result);
  return ravel::exit_code(result);
}
