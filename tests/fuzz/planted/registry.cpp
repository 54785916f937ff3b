// SPDX-License-Identifier: MIT
// A registry whose entries are released when it closes. PLANTED: what is entered while somebody closes it is refused,
// but its entry stays.
#include <ravel/annotate.h>
#include <ravel/fuzz.hpp>

#include <atomic>
#include <mutex>
#include <set>

namespace {

class registry {
 public:
  bool enter(int key) {
    if (is_closed_) return false;
    const std::lock_guard lock(mutex_);
    if (keys_.contains(key)) return false;
    RAVEL_ENTRY_ACQUIRED("registry", key);
    if (is_closed_) {
      if (!PLANTED) RAVEL_ENTRY_RELEASED("registry", key);
      return false;
    }
    keys_.insert(key);
    return true;
  }
  void close() {
    is_closed_ = true;
    release_all();
  }
  void reopen() { is_closed_ = false; }

  ~registry() { release_all(); }
  registry() = default;
  registry(registry&&) noexcept {}  // only ever of a fresh one

 private:
  void release_all() {
    const std::lock_guard lock(mutex_);
    for (const int key : keys_) RAVEL_ENTRY_RELEASED("registry", key);
    keys_.clear();
  }

  std::atomic<bool> is_closed_{false};
  std::mutex mutex_;
  std::set<int> keys_;
};

const auto operations =
    ravel::operations<registry>(ravel::op("enter", &registry::enter, ravel::ints(0, 7)).weight(3),
                                ravel::op("close", &registry::close), ravel::op("reopen", &registry::reopen));

}  // namespace

RAVEL_FUZZ_API(registry, operations, {.threads = 3, .calls = 6, .is_judged = false});
