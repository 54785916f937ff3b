// SPDX-License-Identifier: MIT
// The recorder in shared memory and the cycle search behind it, fed with events by hand: the cases of
// lock_cases.hpp (groups excepted: they are told by real stacks, see tests/planted/locks/group.*), trials laid
// over each other, locks that end, many held locks, and memory that stays small over orderly trials.
#include "lock_cases.hpp"

#include "catch.hpp"
#include "lock_order/lock_order_check.hpp"

#include <pthread.h>

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <memory>

using ravel::lock_event;
using ravel::lock_kind;
using ravel::lock_mode;
using ravel::request_kind;
using namespace ravel::checks;

namespace {

// A run without processes: memory, a few thread records, a trial number.
class desk_run final : public ravel::run_view {
 public:
  static constexpr std::uint32_t most_threads = 8;

  desk_run()
      : records_(static_cast<ravel::thread_record*>(shared_memory(sizeof(ravel::thread_record) * most_threads))) {
    for (std::uint32_t i = 0; i < most_threads; ++i) {
      ravel::thread_record& record = records_[i];
      record.slot = i;
      record.is_used.store(1);
      record.is_alive.store(1);
      record.kind = ravel::thread_kind::worker;
      record.name.add("thread#").add_number(i);
      record.nth_child = i;
      record.stack_high = 16;  // an empty stack: nothing is walked
    }
  }
  ~desk_run() override {
    for (const auto& [memory, bytes] : areas_) munmap(memory, bytes);
  }
  const char* name() const noexcept override { return "desk"; }
  std::uint64_t seed() const noexcept override { return 1; }
  std::uint64_t trial() const noexcept override { return trial_number; }
  std::uint64_t trials_completed() const noexcept override { return trial_number; }
  void* shared_memory(std::size_t bytes) override {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    areas_.emplace_back(memory, bytes);
    return memory;
  }
  ravel::thread_record* threads() noexcept override { return records_; }
  std::uint32_t thread_count() const noexcept override { return most_threads; }
  bool is_under_valgrind() const noexcept override { return false; }
  const char* tool() const noexcept override { return ""; }
  void end_batch_after_this_trial() noexcept override { wants_new_batch = true; }

  std::uint64_t trial_number = 0;
  bool wants_new_batch = false;

 private:
  std::list<std::pair<void*, std::size_t>> areas_;
  ravel::thread_record* records_;
};

std::array<pthread_rwlock_t, 128> static_locks;

class desk {
 public:
  desk() {
    check.run_started(run);
    recorder = lock_recorder::of_run(run);
    check.batch_started(run);
  }
  void start_trial() {
    ++run.trial_number;
    check.trial_started(run);
  }
  void end_trial() { check.trial_ended(run); }
  bool finds_deadlock() {
    check.batch_ended(run, true);
    return std::ranges::any_of(check.found(),
                               [](const found_cycle& one) { return one.kept_apart_by == obstacle::none; });
  }
  ravel::thread_record& thread(int number) { return run.threads()[number]; }
  const void* lock(char name) {
    return uses_static ? static_cast<const void*>(&static_locks[static_cast<unsigned char>(name)])
                       : &(*heap_locks_)[static_cast<unsigned char>(name)];
  }
  lock_event event_for(char name, lock_mode mode, bool is_attempt = false) {
    return {lock(name),
            0x1000u + static_cast<unsigned char>(name),
            mode,
            lock_kind::rwlock,
            is_attempt ? request_kind::attempt : request_kind::blocking,
            nullptr};
  }
  void feed(const lock_cases::events& events) {
    for (const lock_cases::event& event : events) feed(event);
  }
  void feed(const lock_cases::event& event) {
    using what = lock_cases::event::what;
    ravel::thread_record& actor = thread(event.thread);
    switch (event.does) {
      case what::fork:
        thread(event.other).kind = ravel::thread_kind::created;
        recorder->created(actor, thread(event.other));
        recorder->thread_started(run, thread(event.other));
        break;
      case what::join: recorder->joined(actor, thread(event.other)); break;
      case what::acquire: {
        const lock_event made = event_for(event.locks[0], event.mode, event.is_attempt);
        recorder->requested(actor, made);
        recorder->acquired(actor, made);
        break;
      }
      case what::release: recorder->released(actor, event_for(event.locks[0], event.mode)); break;
      case what::end_of_lock: recorder->destroyed(actor, event_for(event.locks[0], event.mode)); break;
      case what::group: FAIL("groups are told by real stacks"); break;
    }
  }

  desk_run run;
  lock_order_check check;
  std::shared_ptr<lock_recorder> recorder;
  bool uses_static = false;

 private:
  std::unique_ptr<std::array<pthread_rwlock_t, 128>> heap_locks_ =
      std::make_unique<std::array<pthread_rwlock_t, 128>>();
};

bool has_group(const lock_cases::events& events) {
  return std::ranges::any_of(events, [](const auto& event) { return event.does == lock_cases::event::what::group; });
}

using lock_cases::operator+;

}  // namespace

TEST_CASE("lock recorder: the cases have the right answers, with locks of the trial and with static ones", "[checks]") {
  unsigned run = 0;
  for (const bool uses_static : {false, true})
    for (const lock_cases::test_case& one : lock_cases::all()) {
      if (has_group(one.happening)) continue;
      desk desk;
      desk.uses_static = uses_static;
      desk.start_trial();
      desk.feed(one.happening);
      desk.end_trial();
      INFO(one.name << (uses_static ? ", static" : ", of the trial"));
      CHECK(desk.finds_deadlock() == one.can_deadlock);
      ++run;
    }
  CHECK(run == 36);
}

TEST_CASE("lock recorder: static locks are one over trials, others are not", "[checks]") {
  for (const bool uses_static : {false, true}) {
    desk desk;
    desk.uses_static = uses_static;
    desk.start_trial();
    desk.feed(lock_cases::two_threads() + lock_cases::nested(1, "AB"));
    desk.end_trial();
    desk.start_trial();
    desk.feed(lock_cases::two_threads() + lock_cases::nested(2, "BA"));
    desk.end_trial();
    CHECK(desk.finds_deadlock() == uses_static);
  }
}

TEST_CASE("lock recorder: a trial whose tuples are kept does not lend its locks to the next", "[checks]") {
  for (const bool uses_static : {false, true}) {
    desk desk;
    desk.uses_static = uses_static;
    desk.start_trial();
    desk.feed(lock_cases::two_threads() + lock_cases::nested(1, "GAB") + lock_cases::nested(2, "GBA"));
    desk.end_trial();
    desk.start_trial();
    desk.feed(lock_cases::two_threads() + lock_cases::nested(2, "BA"));
    desk.end_trial();
    CHECK(desk.finds_deadlock() == uses_static);
  }
}

TEST_CASE("lock recorder: the same thread in two trials is one thread", "[checks]") {
  desk desk;
  desk.uses_static = true;
  desk.start_trial();
  desk.feed(lock_cases::two_threads() + lock_cases::nested(1, "AB"));
  desk.end_trial();
  desk.start_trial();
  desk.feed(lock_cases::two_threads() + lock_cases::nested(1, "BA"));
  desk.end_trial();
  CHECK_FALSE(desk.finds_deadlock());
  REQUIRE(desk.check.found().size() == 1);
  CHECK(desk.check.found()[0].kept_apart_by == obstacle::single_thread);
}

TEST_CASE("lock recorder: what is found in one batch is not lost with the next", "[checks]") {
  desk desk;
  desk.start_trial();
  desk.feed(lock_cases::two_threads() + lock_cases::nested(1, "AB") + lock_cases::nested(2, "BA"));
  // No end_trial: the process died here.
  CHECK(desk.finds_deadlock());
  desk.check.batch_started(desk.run);
  desk.start_trial();
  desk.feed(lock_cases::two_threads() + lock_cases::nested(1, "AB"));
  desk.end_trial();
  CHECK(desk.finds_deadlock());
  ravel::set_lock_observer(nullptr);
}

TEST_CASE("lock recorder: more held locks than a record has places for", "[checks]") {
  desk desk;
  desk.start_trial();
  desk.feed(lock_cases::two_threads());
  const std::vector<pthread_rwlock_t> many(1000);
  const auto event_for = [&](std::size_t i) {
    return lock_event{&many[i], 0x2000, lock_mode::exclusive, lock_kind::rwlock, request_kind::blocking, nullptr};
  };
  for (std::size_t i = 0; i < many.size(); ++i) {
    desk.recorder->requested(desk.thread(1), event_for(i));
    desk.recorder->acquired(desk.thread(1), event_for(i));
  }
  CHECK(desk.recorder->state_of(desk.thread(1)).count == 1000);
  CHECK(desk.thread(1).held_count.load() == ravel::thread_record::max_held);
  for (const std::size_t i : {999u, 0u}) {  // against the two that are farthest apart
    desk.recorder->requested(desk.thread(2), event_for(i));
    desk.recorder->acquired(desk.thread(2), event_for(i));
  }
  for (std::size_t i = 0; i < many.size(); ++i) desk.recorder->released(desk.thread(1), event_for(i));
  CHECK(desk.recorder->state_of(desk.thread(1)).count == 0);
  CHECK(desk.thread(1).held_count.load() == 0);
  desk.end_trial();
  CHECK(desk.finds_deadlock());
  CHECK(desk.recorder->memory().lost.load() == 0);
}

TEST_CASE("lock recorder: orderly trials leave nothing behind, however many there are", "[checks]") {
  desk desk;
  for (int i = 0; i < 20'000; ++i) {
    desk.start_trial();
    desk.feed(lock_cases::two_threads() + lock_cases::nested(1, "ABC") + lock_cases::nested(2, "ABC"));
    desk.end_trial();
  }
  lock_memory& memory = desk.recorder->memory();
  CHECK(memory.of_trial.tuples.count.load() == 0);
  CHECK(memory.of_trial.instance_count.load() == 0);
  CHECK(memory.lost.load() == 0);
  CHECK_FALSE(desk.run.wants_new_batch);
}

TEST_CASE("lock recorder: when its memory runs short it asks for a new batch in time", "[checks]") {
  desk desk;
  int trials = 0;
  while (!desk.run.wants_new_batch && trials < 100'000) {
    ++trials;
    desk.start_trial();
    desk.feed(lock_cases::two_threads() + lock_cases::nested(1, "GAB") + lock_cases::nested(2, "GBA"));
    desk.end_trial();
  }
  CHECK(desk.run.wants_new_batch);
  CHECK(desk.recorder->memory().lost.load() == 0);
  CHECK_FALSE(desk.finds_deadlock());
  CHECK(desk.recorder->memory().of_trial.tuples.count.load() == 0);
}

TEST_CASE("lock recorder: a condition wait gives the lock back and takes it again inside what is held", "[checks]") {
  desk desk;
  desk.start_trial();
  desk.feed(lock_cases::two_threads());
  const int condition = 0;
  for (const auto& [thread, outer, inner] : {std::tuple{1, 'A', 'B'}, std::tuple{2, 'B', 'A'}}) {
    // Each takes inner, then outer by attempt (no order), and waits with inner: it will want it again under outer.
    desk.feed({lock_cases::lock(thread, inner), lock_cases::attempt(thread, outer)});
    lock_event wait = desk.event_for(inner, lock_mode::exclusive);
    desk.recorder->condition_waiting(desk.thread(thread), &condition, wait);
    CHECK(desk.recorder->state_of(desk.thread(thread)).count == 1);
    CHECK(desk.thread(thread).waiting_condition.load() == &condition);
    desk.recorder->condition_woken(desk.thread(thread), &condition, wait);
    CHECK(desk.recorder->state_of(desk.thread(thread)).count == 2);
    CHECK(desk.thread(thread).waiting_condition.load() == nullptr);
    desk.feed({lock_cases::unlock(thread, inner), lock_cases::unlock(thread, outer)});
  }
  desk.end_trial();
  CHECK(desk.finds_deadlock());
}
