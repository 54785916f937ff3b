// SPDX-License-Identifier: MIT
// Transfers between two accounts. Built with OPPOSITE each thread locks its own account first: a deadlock in some
// schedules.
#include <cstdio>
#include <mutex>
#include <thread>

struct account {
  std::mutex lock;
  int balance = 100;
};

static void transfer(account& from, account& to) {
#if defined(OPPOSITE)
  const std::lock_guard first(from.lock);
  const std::lock_guard second(to.lock);
#else
  const std::scoped_lock both(from.lock, to.lock);
#endif
  from.balance -= 10;
  to.balance += 10;
}

int main() {
  account a, b;
  std::thread there([&] { transfer(a, b); });
  std::thread back([&] { transfer(b, a); });
  there.join();
  back.join();
  std::puts("done");
  return a.balance + b.balance == 200 ? 0 : 1;
}
