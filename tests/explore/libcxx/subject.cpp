// SPDX-License-Identifier: MIT
// A program of clang's with libc++, which waits in ways of its own: atomic waits inside the library, semaphores and
// barriers on top of those. Its argument says what it does: "wrong", one of two threads counts without the lock;
// "followed", only what TSan can follow although libc++ itself is not instrumented; "all".
#undef NDEBUG
#include <atomic>
#include <barrier>
#include <cassert>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <string_view>
#include <thread>

#if !defined(_LIBCPP_VERSION)
#error "this is about libc++"
#endif

namespace {

std::mutex lock;
std::condition_variable changed;
int count = 0;
int ended = 0;

struct locks_at_the_end {
  bool is_used = false;
  ~locks_at_the_end() {
    std::lock_guard hold(lock);
    ++ended;
  }
};
thread_local locks_at_the_end last_words;

void count_locked() {
  last_words.is_used = true;
  std::lock_guard hold(lock);
  ++count;
  changed.notify_all();
}

void count_wrongly() { ++count; }

void mutexes(bool is_wrong) {
  count = ended = 0;
  std::thread one(count_locked);
  std::thread other(is_wrong ? count_wrongly : count_locked);
  if (!is_wrong) {
    std::unique_lock hold(lock);
    changed.wait(hold, [] { return count == 2; });
    assert(!changed.wait_for(hold, std::chrono::hours(1), [] { return count == 3; }));
  }
  one.join();
  other.join();
  assert(count == 2);
  assert(is_wrong || ended == 2);
}

int initialised() {
  static const int value = [] {
    std::this_thread::yield();
    return ++count;
  }();
  return value;
}

void followed_waits() {
  count = 0;
  std::counting_semaphore<> places(1);
  std::atomic<int> turn{0};
  std::shared_mutex both;
  int seen = 0;
  const auto work = [&](int me) {
    assert(initialised() == 1);
    places.acquire();
    ++seen;
    places.release();
    for (int now = turn; now != me; now = turn) turn.wait(now);
    turn = me + 1;
    turn.notify_all();
    std::shared_lock hold(both);
    assert(turn >= me + 1);
  };
  std::thread one(work, 0);
  std::thread other(work, 1);
  one.join();
  other.join();
  assert(seen == 2);
}

void waits_inside_the_library() {
  std::barrier<> all(2);
  std::latch finished(2);
  std::once_flag once;
  int arrived[2] = {}, made = 0;
  const auto work = [&](int me) {
    arrived[me] = 1;
    all.arrive_and_wait();
    assert(arrived[0] + arrived[1] == 2);
    std::call_once(once, [&] { ++made; });
    assert(made == 1);
    finished.count_down();
  };
  std::thread one(work, 0);
  std::thread other(work, 1);
  finished.wait();
  one.join();
  other.join();
}

void exceptions() {
  auto answer = std::async(std::launch::async, []() -> int { throw std::runtime_error("an answer"); });
  try {
    answer.get();
    assert(false);
  } catch (const std::runtime_error& error) {
    assert(std::string_view(error.what()) == "an answer");
  }
}

}  // namespace

int main(int arguments, char** argument) {
  const std::string_view what = arguments > 1 ? argument[1] : "all";
  mutexes(what == "wrong");
  if (what == "wrong") return 0;
  followed_waits();
  if (what == "followed") return 0;
  waits_inside_the_library();
  exceptions();
  return 0;
}
