// SPDX-License-Identifier: MIT
// What the predicate of an invariant does is no part of the trial: nothing that it reads, locks or leaves is told. Also
// compiled with the sanitizers, whose reports are findings.
#include "catch.hpp"

#include <ravel/annotate.h>
#include <ravel/explore.hpp>
#include <ravel/stress.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

using ravel::finding_kind;
using ravel::verdict;

namespace {

constexpr ravel::engine_choice engines[] = {ravel::engine_choice::user, ravel::engine_choice::kernel};

std::string variant() {
  const char* value = std::getenv("RAVEL_VARIANT");
  return value == nullptr ? "" : value;
}

std::string note_of(const ravel::report& report) {
  const auto found =
      std::ranges::find_if(report.notes, [](const std::string& note) { return note.starts_with("invariant \""); });
  return found == report.notes.end() ? "no note" : *found;
}

// A lock of the target's own making, which waits without a word.
class spinning_lock {
 public:
  void lock() {
    RAVEL_LOCK_REQUESTED(this, "spinning");
    while (is_taken_.exchange(true)) {
    }
    RAVEL_LOCK_ACQUIRED(this, "spinning");
  }
  void unlock() {
    RAVEL_LOCK_RELEASED(this);
    is_taken_.store(false);
  }

 private:
  std::atomic<bool> is_taken_{false};
};

}  // namespace

TEST_CASE("invariant: what it had allocated where it would have waited is no leak", "[harness]") {
  for (const ravel::engine_choice engine : engines) {
    const ravel::report report =
        ravel::explore({.name = "left", .executions = 50, .engine = engine}, [](ravel::trial& trial) {
          std::mutex lock, other;
          const auto looked = trial.invariant("looks with memory of its own",
                                              [&] {
                                                const std::vector<std::string> kept(3, std::string(100, 'x'));
                                                const std::scoped_lock guard(other);
                                                const std::lock_guard inner(lock);
                                                return kept.size() == 3;
                                              },
                                              {.at = ravel::every_point});
          trial.threads(2, "client", [&](ravel::worker&) {
            const std::lock_guard guard(lock);
            const std::lock_guard nested(other);
          });
          trial.run();
        });
    INFO(ravel::to_text(report));
    CHECK(report.verdict == verdict::clean);
    CHECK(note_of(report).find("it would have waited") != std::string::npos);
  }
}

TEST_CASE("invariant: reading what others write is no race, and no race is lost by it", "[harness]") {
  const auto body = [](bool is_racing) {
    return [is_racing](ravel::trial& trial) {
      int counts[2] = {}, shared = 0;
      std::mutex lock;
      const auto looked = trial.invariant("counts are no negative numbers",
                                          [&] {
                                            const std::lock_guard guard(lock);
                                            return counts[0] >= 0 && counts[1] >= 0 && shared >= 0;
                                          },
                                          {.at = ravel::every_point});
      trial.threads(2, "counter", [&](ravel::worker& me) {
        me.repeat(3, [&] {
          int& count = is_racing ? shared : counts[me.index()];
          count = count + 1;
        });
      });
      trial.run();
    };
  };
  const bool looks_for_races = variant() == "thread";
  for (const ravel::engine_choice engine : engines) {
    const ravel::explore_options options{.name = "races", .executions = 20, .engine = engine};
    CHECK(ravel::explore(options, body(false)).verdict == verdict::clean);
    if (!looks_for_races) continue;
    const ravel::report racing = ravel::explore(options, body(true));
    CHECK(std::ranges::find(racing.findings, finding_kind::race, &ravel::finding::kind) != racing.findings.end());
  }
  CHECK(ravel::stress({.name = "races", .rounds = 50}, body(false)).verdict == verdict::clean);
  if (!looks_for_races) return;
  const ravel::report racing = ravel::stress({.name = "races", .rounds = 50}, body(true));
  CHECK(std::ranges::find(racing.findings, finding_kind::race, &ravel::finding::kind) != racing.findings.end());
}

TEST_CASE("invariant: an annotated lock that spins is passed over", "[harness]") {
  // Between its annotation and its end, giving it up is a point where atomic operations are seen. In address they are
  // not told from plain accesses, and looking would not end.
  if (variant() == "address") return;
  for (const ravel::engine_choice engine : engines) {
    const ravel::report report =
        ravel::explore({.name = "spins", .executions = 50, .engine = engine}, [](ravel::trial& trial) {
          spinning_lock lock;
          int count = 0;
          const auto even = trial.invariant("an even count",
                                            [&] {
                                              const std::lock_guard guard(lock);
                                              return count % 2 == 0;
                                            },
                                            {.at = ravel::every_point});
          trial.threads(2, "client", [&](ravel::worker&) {
            const std::lock_guard guard(lock);
            ++count;
            RAVEL_POINT();
            ++count;
          });
          trial.run();
        });
    INFO(ravel::to_text(report));
    CHECK(report.verdict == verdict::clean);
    CHECK(note_of(report).find("it would have waited") != std::string::npos);
  }
}
