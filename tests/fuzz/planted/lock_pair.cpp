// SPDX-License-Identifier: MIT
// Two accounts, a lock each. PLANTED: a transfer takes the locks in the order of its arguments if the amount is large;
// else always that of the first account first.
#include <ravel/fuzz.hpp>

#include <algorithm>
#include <mutex>

namespace {

class bank {
 public:
  bool transfer(int from, int to, int amount) {
    if (from == to) return false;
    const bool is_in_order = !PLANTED || amount < 90;
    const std::lock_guard first(mutexes_[is_in_order ? std::min(from, to) : from]);
    const std::lock_guard second(mutexes_[is_in_order ? std::max(from, to) : to]);
    if (balances_[from] < amount) return false;
    balances_[from] -= amount;
    balances_[to] += amount;
    return true;
  }
  int balance(int of) {
    const std::lock_guard lock(mutexes_[of]);
    return balances_[of];
  }
  [[nodiscard]] int sum() const { return balances_[0] + balances_[1] + balances_[2]; }

  bank() = default;
  bank(const bank&) = delete;
  bank(bank&& other) noexcept { std::copy(other.balances_, other.balances_ + 3, balances_); }

 private:
  std::mutex mutexes_[3];
  int balances_[3] = {100, 100, 100};
};

const auto operations = ravel::operations<bank>(
    ravel::op("transfer", &bank::transfer, ravel::ints(0, 2), ravel::ints(0, 2), ravel::ints(1, 99)),
    ravel::op("balance", &bank::balance, ravel::ints(0, 2)));

}  // namespace

RAVEL_FUZZ_API(bank, operations, {.threads = 2, .calls = 6, .invariant = [](bank& one) { return one.sum() == 300; }});
