// SPDX-License-Identifier: MIT
// A pool of blocks. PLANTED: where the work on a block throws, it is given back twice, so that later two threads may
// have it at once.
#include <ravel/fuzz.hpp>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace {

class blocks {
 public:
  // How many have the block meanwhile.
  int use(int amount) {
    const int block = take();
    ++users_[block];
    amounts_[block] = amount;
    const int users = users_[block];
    --users_[block];
    give(block);
    if (amount != 13) return users;
    if (PLANTED) give(block);
    throw std::invalid_argument("13");
  }

  blocks() = default;
  blocks(blocks&&) noexcept {}  // only ever of a fresh one

 private:
  int take() {
    const std::lock_guard lock(mutex_);
    const int block = free_.back();
    free_.pop_back();
    return block;
  }
  void give(int block) {
    const std::lock_guard lock(mutex_);
    free_.push_back(block);
  }

  std::mutex mutex_;
  std::vector<int> free_{0, 1, 2};
  std::atomic<int> users_[3] = {}, amounts_[3] = {};
};

const auto operations = ravel::operations<blocks>(ravel::op("use", &blocks::use, ravel::ints(1, 40)));

}  // namespace

RAVEL_FUZZ_API(blocks, operations, {.threads = 3, .calls = 6});
