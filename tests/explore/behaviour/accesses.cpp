// SPDX-License-Identifier: MIT
// Where accesses are points, a lost update is found; a wide atomic keeps its halves together everywhere.
#include "behaviour.hpp"

#include <ravel/annotate.h>

#include <atomic>
#include <mutex>

namespace {

using wide [[maybe_unused]] = unsigned __int128;

}  // namespace

RAVEL_BEHAVIOUR({.name = "atomics", .options = {}, .body = [](ravel::trial& trial) {
                   std::atomic<int> count{0};
                   std::atomic<unsigned char> bits{0};
                   std::atomic<short> most{0};
                   std::atomic<long> swapped{0};
                   std::atomic<bool> flag{false};
                   std::atomic<double> real{0};
                   trial.threads(3, "user", [&](ravel::worker& me) {
                     ++count;
                     count -= 2;
                     bits |= static_cast<unsigned char>(1 << me.index());
                     short seen = most.load();
                     const auto mine = static_cast<short>(me.index() + 1);
                     while (seen < mine && !most.compare_exchange_weak(seen, mine)) {
                     }
                     long expected = 0;
                     swapped.compare_exchange_strong(expected, static_cast<long>(me.index()) + 10);
                     flag.exchange(true);
                     double before = real.load();
                     while (!real.compare_exchange_weak(before, before + 0.5)) {
                     }
                   });
                   trial.run();
                   trial.require_equal(count.load(), -3, "added and subtracted");
                   trial.require_equal(static_cast<int>(bits.load()), 7, "or'ed");
                   trial.require_equal(static_cast<int>(most.load()), 3, "the most");
                   trial.require(swapped >= 10 && swapped <= 12 && flag, "exchanged");
                   trial.require(real.load() == 1.5, "in halves");
                 }});

// Elsewhere libatomic would have to be linked.
#if (defined(__SANITIZE_THREAD__) && !defined(__clang__)) || defined(__GCC_HAVE_SYNC_COMPARE_AND_SWAP_16)
RAVEL_BEHAVIOUR({.name = "atomics of 16 bytes", .options = {}, .body = [](ravel::trial& trial) {
                   alignas(16) wide value = 0;
                   const wide both = static_cast<wide>(1) << 64 | 1;
                   trial.threads(3, "adder", [&](ravel::worker& me) {
                     __atomic_fetch_add(&value, both, __ATOMIC_SEQ_CST);
                     const wide seen = __atomic_load_n(&value, __ATOMIC_SEQ_CST);
                     me.require(static_cast<std::uint64_t>(seen) == static_cast<std::uint64_t>(seen >> 64),
                                "both halves");
                     wide expected = seen;
                     while (!__atomic_compare_exchange_n(&value, &expected, expected + both, false, __ATOMIC_SEQ_CST,
                                                         __ATOMIC_SEQ_CST)) {
                     }
                   });
                   trial.run();
                   trial.require(value == both * 6, "none is lost");
                 }});
#endif

namespace {

// A lock of the target's own making, told by annotation.
class own_lock {
 public:
  void lock() {
    RAVEL_LOCK_REQUESTED(this, "own_lock");
    while (is_taken_.exchange(true)) {
    }
    RAVEL_LOCK_ACQUIRED(this, "own_lock");
  }
  bool try_lock() {
    if (is_taken_.exchange(true)) return false;
    RAVEL_LOCK_ACQUIRED(this, "own_lock");
    return true;
  }
  void unlock() {
    RAVEL_LOCK_RELEASED(this);
    is_taken_ = false;
  }

 private:
  std::atomic<bool> is_taken_{false};
};

// Through a pointer, and in functions of their own: gcc leaves accesses to globals unchecked that are within them, and
// makes one check, so one point, of a read and a write of the same object in a row.
[[gnu::noinline]] int read_it(const std::atomic<int>* from) { return from->load(std::memory_order_relaxed); }
[[gnu::noinline]] void write_it(std::atomic<int>* to, int value) { to->store(value, std::memory_order_relaxed); }

}  // namespace

RAVEL_BEHAVIOUR({.name = "a lock of its own", .options = {}, .body = [](ravel::trial& trial) {
                   own_lock lock;
                   int count = 0, tried = 0;
                   trial.threads(3, "user", [&](ravel::worker&) {
                     {
                       std::lock_guard hold(lock);
                       ++count;
                       RAVEL_POINT();
                     }
                     if (lock.try_lock()) {
                       ++tried;
                       lock.unlock();
                     }
                   });
                   trial.run();
                   trial.require_equal(count, 3, "one at a time");
                   trial.require(tried >= 1, "the last one finds it free");
                 }});

RAVEL_BEHAVIOUR({.name = "a point of its own",
                 .due = ravel::finding_kind::requirement,
                 .options = {},
                 .body = [](ravel::trial& trial) {
                   std::atomic<int> count{0};
                   trial.threads(2, "adder", [&](ravel::worker&) {
                     const int before = read_it(&count);
                     RAVEL_POINT();
                     write_it(&count, before + 1);
                   });
                   trial.run();
                   trial.require_equal(count.load(), 2, "an update is lost");
                 }});

static const bool finds_lost_update =
    behaviour::variant() != "plain" &&
    behaviour::add({.name = "a lost update",
                    .due = ravel::finding_kind::requirement,
                    .options = {},
                    .body = [](ravel::trial& trial) {
                      std::atomic<int> count{0};
                      trial.threads(2, "adder", [&](ravel::worker&) { write_it(&count, read_it(&count) + 1); });
                      trial.run();
                      trial.require_equal(count.load(), 2, "an update is lost");
                    }});

// Waits by writing, and never yields.
RAVEL_BEHAVIOUR({.name = "a test-and-set lock", .options = {}, .body = [](ravel::trial& trial) {
                   std::atomic_flag taken{};
                   int count = 0;
                   trial.threads(3, "user", [&](ravel::worker&) {
                     while (taken.test_and_set()) {
                     }
                     ++count;
                     taken.clear();
                   });
                   trial.run();
                   trial.require_equal(count, 3, "one at a time");
                 }});
