// SPDX-License-Identifier: MIT
// Invariants of trials: where they are judged, what is said of the first point where one does not hold, what must not
// come of looking. Compiled plain: points at synchronisation only.
#include "catch.hpp"
#include "environment_variable.hpp"
#include "shared_value.hpp"

#include <ravel/explore.hpp>
#include <ravel/operation_in_flight.hpp>
#include <ravel/stress.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>

using ravel::finding_kind;
using ravel::verdict;

namespace {

constexpr ravel::engine_choice engines[] = {ravel::engine_choice::user, ravel::engine_choice::kernel};

ravel::report stressed(const ravel::body& body, std::uint64_t rounds = 100) {
  return ravel::stress({.name = "invariants", .rounds = rounds}, body);
}
ravel::report explored(const ravel::body& body, std::uint64_t executions = 100,
                       ravel::engine_choice engine = ravel::engine_choice::automatic) {
  return ravel::explore({.name = "invariants", .executions = executions, .engine = engine}, body);
}

// The note that says at how many points one was judged.
std::string note_of(const ravel::report& report, const std::string& what = "") {
  for (const std::string& note : report.notes)
    if (note.starts_with("invariant \"" + what)) return note;
  return "no note";
}
bool says(const std::string& text, const std::string& part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
  return text.find(part) != std::string::npos;
}
const ravel::finding* first(const ravel::report& report, finding_kind kind) {
  const auto found = std::ranges::find(report.findings, kind, &ravel::finding::kind);
  return found == report.findings.end() ? nullptr : &*found;
}

// Counts before it keeps, under two locks.
struct cache {
  std::mutex size_lock, entries_lock;
  std::atomic<int> size{0}, entries{0};

  void store() {
    {
      const std::lock_guard lock(size_lock);
      ++size;
    }
    const std::lock_guard lock(entries_lock);
    ++entries;
  }
  [[nodiscard]] bool is_counted() const { return size == entries; }
};

template <bool is_marked>
void storing(ravel::trial& trial, const ravel::invariant_options& options) {
  cache subject;
  const auto counted = trial.invariant("size counts entries", [&] { return subject.is_counted(); }, options);
  trial.threads(2, "client", [&](ravel::worker&) {
    if (is_marked) {
      const ravel::operation_in_flight mark;
      subject.store();
    } else {
      subject.store();
    }
  });
  trial.run();
}

}  // namespace

TEST_CASE("invariant: in stress it is judged after each phase and at the end of its scope", "[harness]") {
  const ravel::report report = stressed([](ravel::trial& trial) {
    std::atomic<int> count{0};
    const auto even = trial.invariant("an even number of visits", [&] { return count % 2 == 0; });
    for (int phase = 0; phase < 2; ++phase) {
      trial.threads(2, "visitor", [&](ravel::worker&) { ++count; });
      trial.run();
    }
  });
  CHECK(report.verdict == verdict::clean);
  CHECK(note_of(report).ends_with("judged at 300 of 300 points"));
}

TEST_CASE("invariant: one that is broken when the threads have ended is a finding in stress", "[harness]") {
  const ravel::report report = stressed([](ravel::trial& trial) {
    std::atomic<int> count{0};
    const auto few = trial.invariant("at most one visit", [&] { return count < 2; });
    trial.threads(2, "visitor", [&](ravel::worker&) { ++count; });
    trial.run();
    count = 0;
  });
  REQUIRE(report.findings.size() == 1);
  const ravel::finding& found = report.findings.front();
  CHECK(found.kind == finding_kind::invariant);
  CHECK(found.what == "\"at most one visit\" does not hold");
  CHECK(found.trials_seen == 100);
  CHECK(found.sightings == 100);  // judged no more in that round
  CHECK(found.actors.at(0).thread == "main");
  CHECK(found.actors.at(0).place.file.ends_with("invariant.tests.cpp"));
  CHECK(found.actors.at(1).place.file.ends_with("invariant.tests.cpp"));
}

TEST_CASE("invariant: without recorded operations explore judges only where no thread runs", "[harness]") {
  const ravel::report report = explored([](ravel::trial& trial) { storing<false>(trial, {}); });
  CHECK(report.verdict == verdict::clean);
  const std::string note = note_of(report);
  says(note, "judged at 200 of ");
  says(note, "nobody knew whether an operation was in flight");
}

TEST_CASE("invariant: in the middle of an operation it may be broken, unless at every point", "[harness]") {
  for (const ravel::engine_choice engine : engines) {
    const ravel::report between = explored([](ravel::trial& trial) { storing<true>(trial, {}); }, 100, engine);
    CHECK(between.verdict == verdict::clean);
    says(note_of(between), " an operation was in flight");

    const auto strict = [](ravel::trial& trial) { storing<true>(trial, {.at = ravel::every_point}); };
    const ravel::report every = explored(strict, 100, engine);
    REQUIRE(every.findings.size() == 1);
    const ravel::finding& found = every.findings.front();
    CHECK(found.kind == finding_kind::invariant);
    CHECK(found.trials_seen == 100);
    CHECK(found.sightings == 100);
    CHECK(found.replays != 0);
    CHECK(found.replays_shown == found.replays);
    CHECK(found.is_minimised);
    CHECK(found.switches == 0);
    REQUIRE(found.actors.size() == 3);
    CHECK(found.actors[0].thread.starts_with("client#"));
    CHECK(found.actors[0].action == "broke it by this:");
    CHECK(found.actors[0].object == "lock");
    CHECK(found.actors[1].action == "comes next to:");
    CHECK(found.actors[1].object == "unlock");
    CHECK(found.actors[1].place.function.find("store") != std::string::npos);
    CHECK(found.actors[2].action == "it is stated here");

    const environment_variable replay("RAVEL_REPLAY", found.token);
    const ravel::report again = explored(strict, 100, engine);
    REQUIRE(again.findings.size() == 1);
    CHECK(again.findings.front().what == found.what);
  }
}

TEST_CASE("invariant: it is judged where the last operation in flight ends", "[harness]") {
  const ravel::report report = explored([](ravel::trial& trial) {
    std::mutex lock;
    int debt = 0;
    const auto balanced = trial.invariant("nobody owes", [&] { return debt == 0; });
    trial.thread("client", [&](ravel::worker&) {
      for (const int change : {1, -1}) {
        const ravel::operation_in_flight mark;
        const std::lock_guard guard(lock);
        debt += change;
      }
    });
    trial.run();
  });
  const ravel::finding* found = first(report, finding_kind::invariant);
  REQUIRE(found != nullptr);
  CHECK(found->actors.at(1).object == "the end of its operation");
  says(found->notes.at(0), "points before");
}

TEST_CASE("invariant: where it would wait for a lock the point is passed over, and nothing stays locked", "[harness]") {
  for (const ravel::engine_choice engine : engines) {
    shared_value<std::atomic<std::uint64_t>> wrong;
    const ravel::report report = explored(
        [&](ravel::trial& trial) {
          cache subject;
          std::shared_mutex shared;
          std::recursive_mutex again;
          const auto counted = trial.invariant("size counts entries",
                                               [&] {
                                                 const std::shared_lock first(shared);
                                                 const std::scoped_lock rest(again, subject.size_lock);
                                                 const std::lock_guard last(subject.entries_lock);
                                                 const std::lock_guard once_more(again);
                                                 return subject.size - subject.entries <= 2;
                                               },
                                               {.at = ravel::every_point});
          trial.threads(2, "client", [&](ravel::worker&) {
            const std::lock_guard outer(again);
            const std::lock_guard inner(again);
            subject.store();
          });
          trial.run();
          *wrong += subject.size_lock.try_lock() ? 0 : 1;
          *wrong += subject.entries_lock.try_lock() ? 0 : 1;
          *wrong += shared.try_lock() ? 0 : 1;
          subject.size_lock.unlock();
          subject.entries_lock.unlock();
          shared.unlock();
        },
        100, engine);
    CHECK(report.verdict == verdict::clean);
    CHECK(wrong->load() == 0);
    says(note_of(report), "it would have waited");
  }
}

TEST_CASE("invariant: a recursive lock that the thread holds itself is one it would wait for", "[harness]") {
  const ravel::report report = explored([](ravel::trial& trial) {
    std::recursive_mutex lock;
    std::mutex point;
    int debt = 0;
    const auto balanced = trial.invariant("nobody owes",
                                          [&] {
                                            const std::lock_guard guard(lock);
                                            return debt == 0;
                                          },
                                          {.at = ravel::every_point});
    trial.threads(2, "client", [&](ravel::worker&) {
      const std::lock_guard guard(lock);
      ++debt;
      {
        const std::lock_guard here(point);
      }
      --debt;
    });
    trial.run();
  });
  CHECK(report.verdict == verdict::clean);
  says(note_of(report), "it would have waited");
}

TEST_CASE("invariant: judged nowhere, the verdict is undecided", "[harness]") {
  for (const bool explores : {false, true}) {
    const auto body = [](ravel::trial& trial) {
      std::mutex lock;
      const std::lock_guard held(lock);
      const auto waiting = trial.invariant("never known", [&] {
        const std::lock_guard guard(lock);
        return true;
      });
      trial.thread("worker", [](ravel::worker&) {});
      trial.run();
    };
    const ravel::report report = explores ? explored(body) : stressed(body);
    CHECK(report.verdict == verdict::undecided);
    says(report.reason, "nothing is known of an invariant \"never known\"");
    says(report.reason, "judged at 0 of ");
  }
}

TEST_CASE("invariant: what it throws is a finding that says so", "[harness]") {
  const auto body = [](ravel::trial& trial) {
    const auto thrown = trial.invariant("a sound answer", []() -> bool { throw std::out_of_range("no such entry"); });
    trial.thread("worker", [](ravel::worker&) {});
    trial.run();
  };
  for (const ravel::report& report : {stressed(body), explored(body)}) {
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings.front().kind == finding_kind::invariant);
    CHECK(report.findings.front().what == "\"a sound answer\" throws std::out_of_range: \"no such entry\"");
  }
}

TEST_CASE("invariant: each is told for itself, and not called after its scope or on unwinding", "[harness]") {
  shared_value<std::atomic<std::uint64_t>> calls;
  const ravel::report report = stressed(
      [&](ravel::trial& trial) {
        {
          const auto inner = trial.invariant("inner", [&] { return ++*calls != 0; });
          const auto broken = trial.invariant("broken", [] { return false; });
          trial.thread("worker", [](ravel::worker&) {});
          trial.run();
        }
        trial.thread("worker", [](ravel::worker&) {});
        trial.run();
        const auto unwound = trial.invariant("unwound", [&] { return *calls += 100, true; });
        throw std::runtime_error("out");
      },
      10);
  CHECK(calls->load() == 20);
  CHECK(report.findings.size() == 2);
  CHECK(first(report, finding_kind::invariant)->what == "\"broken\" does not hold");
  CHECK(note_of(report, "inner").ends_with("judged at 20 of 20 points"));
  CHECK(note_of(report, "broken").ends_with("judged at 10 of 10 points"));
}

TEST_CASE("invariant: replays and minimisation count nothing", "[harness]") {
  const ravel::report report = explored(
      [](ravel::trial& trial) {
        std::mutex lock;
        int count = 0;
        const auto kept = trial.invariant("no update is lost", [&] { return count == 0 || count == 2; });
        trial.threads(2, "adder", [&](ravel::worker&) {
          lock.lock();
          const int before = count;
          lock.unlock();
          lock.lock();
          count = before + 1;
          lock.unlock();
        });
        trial.run();
      },
      50);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings.front().replays != 0);
  const std::uint64_t judged = 50 * 2 - report.findings.front().trials_seen;  // not once more where it is broken
  says(note_of(report), "judged at " + std::to_string(judged) + " of ");
}

TEST_CASE("invariant: errno stays, and so does what the model knows of locks", "[harness]") {
  shared_value<std::atomic<std::uint64_t>> wrong;
  const ravel::report report = explored([&](ravel::trial& trial) {
    std::mutex lock;
    const auto spoils = trial.invariant("spoils errno",
                                        [&] {
                                          const std::lock_guard guard(lock);
                                          errno = EIO;
                                          return true;
                                        },
                                        {.at = ravel::every_point});
    trial.threads(3, "client", [&](ravel::worker&) {
      errno = 0;
      {
        const std::lock_guard guard(lock);
      }
      *wrong += errno != 0 ? 1 : 0;
    });
    trial.run();
  });
  CHECK(report.verdict == verdict::clean);
  CHECK(wrong->load() == 0);
}

TEST_CASE("invariant: a worker cannot state one", "[harness]") {
  const ravel::report report = stressed(
      [](ravel::trial& trial) {
        trial.thread("worker", [&](ravel::worker&) { const auto one = trial.invariant("x", [] { return true; }); });
        trial.run();
      },
      2);
  CHECK(report.verdict == verdict::misused);
  says(report.reason, "trial.invariant() must be called by the thread that runs the body");
}
