// SPDX-License-Identifier: MIT
// A ring of two places. PLANTED: once it has gone round three times, a take() skips an item if another one is under
// way.
#include <ravel/fuzz.hpp>

#include <atomic>
#include <mutex>
#include <optional>

namespace {

class ring {
 public:
  bool put(int value) {
    const std::lock_guard lock(mutex_);
    if (tail_ - head_ == places) return false;
    values_[tail_++ % places] = value;
    return true;
  }
  std::optional<int> take() {
    const unsigned others = takers_.fetch_add(1);
    std::optional<int> value;
    {
      const std::lock_guard lock(mutex_);
      if (PLANTED && others == 1 && head_ / places == 3 && tail_ - head_ == places) ++head_;
      if (head_ != tail_) value = values_[head_++ % places];
    }
    takers_.fetch_sub(1);
    return value;
  }

  ring() = default;
  ring(ring&&) noexcept {}  // only ever of a fresh one

 private:
  static constexpr unsigned places = 2;
  std::mutex mutex_;
  std::atomic<unsigned> takers_{0};
  unsigned head_ = 0, tail_ = 0;
  int values_[places] = {};
};

const auto operations =
    ravel::operations<ring>(ravel::op("put", &ring::put, ravel::ints(1, 9)).weight(2), ravel::op("take", &ring::take));

}  // namespace

RAVEL_FUZZ_API(ring, operations, {.threads = 3, .calls = 8});
