// SPDX-License-Identifier: MIT
// Replays: what a run found is repeated at once, and by its token. The bodies have synchronisation points only, so that
// they are the same in every build.
#include "catch.hpp"
#include "environment_variable.hpp"
#include "lost_update.hpp"
#include "symbols/debug_names.hpp"

#include <ravel/explore.hpp>
#include <ravel/regression.hpp>
#include <ravel/report.hpp>
#include <ravel/token.hpp>
#include <ravel/trial.hpp>
#include <ravel/usage_error.hpp>
#include <ravel/worker.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>

namespace {

void lost_update(ravel::trial& trial) { lose_update(trial, true); }

int executions = 0;  // of this process
void lost_update_after_warming_up(ravel::trial& trial) { lose_update(trial, ++executions > 20); }

void opposite_locks(ravel::trial& trial) {
  std::mutex first, second;
  trial.threads(2, "taker", [&](ravel::worker& me) {
    std::lock_guard outer(me.index() == 0 ? first : second);
    std::lock_guard inner(me.index() == 0 ? second : first);
  });
  trial.run();
}

// One goes over the same locks many times before it takes both.
void opposite_locks_after_rounds(ravel::trial& trial) {
  std::mutex first, second;
  trial.threads(2, "taker", [&](ravel::worker& me) {
    for (int i = 0; me.index() == 0 && i < 12; ++i) {
      {
        const std::lock_guard once(first);
      }
      {
        const std::lock_guard twice(second);
      }
    }
    std::lock_guard outer(me.index() == 0 ? first : second);
    std::lock_guard inner(me.index() == 0 ? second : first);
  });
  trial.run();
}

void aborts(ravel::trial& trial) {
  std::mutex lock;
  int turn = 0;
  trial.threads(2, "visitor", [&](ravel::worker& me) {
    std::lock_guard guard(lock);
    if (turn++ == 0 && me.index() == 1) std::abort();
  });
  trial.run();
}

// Passes only where a random number of the body's own says so.
void unlucky(ravel::trial& trial) {
  int drawn = 0;
  trial.thread("drawer", [&](ravel::worker& me) { drawn = static_cast<int>(me.pick(1, 20)); });
  trial.run();
  trial.require(drawn != 7, "seven is not drawn");
}

ravel::explore_options options(const char* strategy = "random") {
  return {.name = "replay", .executions = 300, .strategy = strategy, .without = {"lock_order"}};
}

ravel::report replayed(const std::string& token, const ravel::body& body) {
  const environment_variable replay("RAVEL_REPLAY", token);
  return ravel::explore(options(), body);
}

std::string refusal_of(const std::string& token) {
  const ravel::report report = replayed(token, lost_update);
  CHECK((report.verdict == ravel::verdict::misused) == (ravel::exit_code(report) == 64));
  return report.verdict == ravel::verdict::misused ? report.reason : "";
}

}  // namespace

TEST_CASE("replay: what is found is replayed ten times, and once more by its token", "[harness]") {
  for (const char* strategy : {"random", "pct"})
    for (const ravel::body& body :
         {ravel::body(lost_update), ravel::body(opposite_locks), ravel::body(aborts), ravel::body(unlucky)}) {
      const ravel::report first = ravel::explore(options(strategy), body);
      INFO(ravel::to_text(first));
      REQUIRE(first.findings.size() == 1);
      const ravel::finding& found = first.findings[0];
      CHECK(found.replays == 10);
      CHECK(found.replays_shown == 10);
      CHECK(found.replayed_from == 0);
      CHECK(found.trials_seen <= first.trials_run);
      const ravel::report again = replayed(found.token, body);
      INFO(ravel::to_text(again));
      REQUIRE(again.findings.size() == 1);
      CHECK(again.findings[0].kind == found.kind);
      CHECK(again.findings[0].what == found.what);
      CHECK(again.findings[0].token == found.token);
      CHECK(again.findings[0].trials_seen == 1);
      CHECK(ravel::exit_code(again) == 1);
    }
}

TEST_CASE("replay: a finding that needs what earlier executions left behind says from which one on", "[harness]") {
  const ravel::report first = ravel::explore(options(), lost_update_after_warming_up);
  INFO(ravel::to_text(first));
  REQUIRE(first.findings.size() == 1);
  const ravel::finding& found = first.findings[0];
  CHECK(found.first_trial > 20);
  CHECK(found.replayed_from == 1);
  CHECK(found.replays_shown == found.replays);
  CHECK(ravel::to_text(first).find("it needs what the earlier ones leave behind") != std::string::npos);
  CHECK(found.token.find(".1-" + std::to_string(found.first_trial)) != std::string::npos);
  const ravel::report again = replayed(found.token, lost_update_after_warming_up);
  INFO(ravel::to_text(again));
  CHECK(ravel::exit_code(again) == 1);
}

TEST_CASE("replay: executions that only prepare the ground count for nothing", "[harness]") {
  // Trial 2 draws what trial 1 does not; a pct trial is run after the first one of its block.
  const auto fails_first = [](ravel::trial& trial) {
    trial.thread("only", [](ravel::worker&) {});
    trial.run();
    trial.require(trial.number() != 1, "it is not the first");
  };
  ravel::report first = ravel::explore(options("pct"), fails_first);
  REQUIRE(first.findings.size() == 1);
  ravel::token ninth = ravel::parse_token(first.findings[0].token);
  ninth.strategy = "pct";
  ninth.trial = 9;
  ninth.schedule.clear();
  const ravel::report again = replayed(to_string(ninth), fails_first);
  INFO(ravel::to_text(again));
  CHECK(again.findings.empty());
  CHECK(again.verdict == ravel::verdict::undecided);
  CHECK(again.reason.find("did not show again") != std::string::npos);
}

TEST_CASE("replay: without isolation, too", "[harness]") {
  const ravel::report first = ravel::explore(options(), lost_update);
  REQUIRE(first.findings.size() == 1);
  const environment_variable isolation("RAVEL_ISOLATION", "none");
  const ravel::report again = replayed(first.findings[0].token, lost_update);
  CHECK(ravel::exit_code(again) == 1);
}

TEST_CASE("replay: a token that cannot be followed is refused with the reason", "[harness]") {
  const ravel::report first = ravel::explore(options(), lost_update);
  REQUIRE(first.findings.size() == 1);
  const std::string start = first.findings[0].token.substr(0, 8);
  CHECK(refusal_of(start + "stress.1.3").find("is from stress mode") != std::string::npos);
  CHECK(refusal_of(start + "magic.1.3").find("this version has no strategy \"magic\"") != std::string::npos);
  CHECK(refusal_of("r9.1234.random.1.3").find("is not a token") != std::string::npos);
}

TEST_CASE("replay: a lost update is minimised to one switch, and its token is a schedule", "[harness]") {
  for (const char* strategy : {"random", "pct"}) {
    const ravel::report report = ravel::explore(options(strategy), lost_update);
    INFO(ravel::to_text(report));
    REQUIRE(report.findings.size() == 1);
    const ravel::finding& found = report.findings[0];
    CHECK(found.is_minimised);
    CHECK(found.switches == 1);
    CHECK(found.token.find(".schedule.1.") != std::string::npos);
    CHECK(found.token.find("lost_update.hpp") != std::string::npos);
    REQUIRE(found.interleaving.size() >= 8);
    const ravel::step& first = found.interleaving[0];
    CHECK(first.operation == "lock");
    CHECK(first.thread == "adder#0");
    CHECK(first.place.file.ends_with("lost_update.hpp"));
    unsigned switches = 0;
    for (const ravel::step& step : found.interleaving) switches += step.is_switch ? 1 : 0;
    CHECK(switches == 2);  // one that matters, and back when the other thread has ended
  }
}

TEST_CASE("replay: locks of a deadlock are called as the source calls them", "[harness]") {
  // The body's own step tells where its variables are.
  const ravel::report report = ravel::explore(options(), [](ravel::trial& trial) {
    std::mutex first, second;
    {
      const std::lock_guard once(first);
    }
    trial.threads(2, "taker", [&](ravel::worker& me) {
      std::lock_guard outer(me.index() == 0 ? first : second);
      std::lock_guard inner(me.index() == 0 ? second : first);
    });
    trial.run();
  });
  INFO(ravel::to_text(report));
  if (!ravel::detail::debug_names_problem().empty()) return;  // no libdw: the report says so
  REQUIRE(report.findings.size() == 1);
  const ravel::finding& found = report.findings[0];
  REQUIRE(found.actors.size() == 4);
  for (const ravel::actor& actor : found.actors) {
    const bool is_first = (actor.thread == "taker#0") == (actor.action == "holds");
    CHECK(actor.object == (is_first ? "the mutex first" : "the mutex second"));
  }
  CHECK(std::ranges::any_of(found.interleaving, [](const ravel::step& one) { return one.object == "first"; }));
}

TEST_CASE("replay: of a long way to a deadlock its locks are shown and marked, rounds are told once", "[harness]") {
  const char* directory = std::getenv("TMPDIR");
  const std::filesystem::path folder =
      std::filesystem::path(directory == nullptr ? "/tmp" : directory) / ("ravel-traces-" + std::to_string(getpid()));
  ravel::report report;
  {
    const environment_variable place("RAVEL_BUILD_DIR", folder.string());
    ravel::explore_options many = options();
    many.executions = 3'000;
    report = ravel::explore(many, opposite_locks_after_rounds);
  }
  INFO(ravel::to_text(report));
  REQUIRE(report.findings.size() == 1);
  const ravel::finding& found = report.findings[0];
  CHECK(found.kind == ravel::finding_kind::deadlock);
  CHECK(std::ranges::count_if(found.interleaving, &ravel::step::is_marked) == 4);
  CHECK(std::ranges::count_if(found.interleaving, &ravel::step::is_chosen) >= 1);
  CHECK(found.interleaving.size() <= 40);
  CHECK(std::ranges::any_of(found.interleaving,
                            [](const ravel::step& one) { return one.came_again > 4 && one.round == 4; }));
  REQUIRE(found.trace_file.starts_with((folder / "ravel" / "traces").string()));
  std::ifstream file(found.trace_file);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  CHECK(std::ranges::count(whole, '\n') > 4 * 12);
  std::filesystem::remove_all(folder);
}

TEST_CASE("replay: a deadlock is known again however its threads came to wait", "[harness]") {
  for (const char* strategy : {"random", "pct", "pos", "surw", "rf"})
    for (const std::uint64_t seed : {1, 2, 3}) {
      ravel::explore_options chosen = options(strategy);
      chosen.seed = seed;
      const ravel::report report = ravel::explore(chosen, opposite_locks);
      INFO(ravel::to_text(report));
      REQUIRE(report.findings.size() == 1);
      CHECK(report.findings[0].is_minimised);
      CHECK(report.findings[0].switches <= 1);
      CHECK(report.findings[0].token.find(".schedule.") != std::string::npos);
    }
}

TEST_CASE("replay: a schedule that the code has outgrown says which places it misses", "[harness]") {
  const ravel::report report = ravel::explore(options(), lost_update);
  REQUIRE(report.findings.size() == 1);
  std::string token = report.findings[0].token;
  token.replace(token.find("lost_update.hpp"), 15, "other.cpp");
  const ravel::report again = replayed(token, lost_update);
  INFO(ravel::to_text(again));
  CHECK(again.verdict == ravel::verdict::undecided);
  CHECK(again.reason.find("none of the places") != std::string::npos);
  REQUIRE_FALSE(again.notes.empty());
  CHECK(again.notes[0].find("other.cpp") != std::string::npos);
}

TEST_CASE("replay: a pinned finding fails while it shows, and passes when it is mended", "[harness]") {
  const ravel::report report = ravel::explore(options(), lost_update);
  REQUIRE(report.findings.size() == 1);
  const std::string& token = report.findings[0].token;
  CHECK(ravel::to_text(report).find("ravel::regression(\"" + token + "\"") != std::string::npos);
  CHECK(ravel::regression(token, lost_update).verdict == ravel::verdict::faulty);
  const ravel::report mended = ravel::regression(token, [](ravel::trial& trial) { lose_update(trial, false); });
  INFO(ravel::to_text(mended));
  CHECK(mended.verdict == ravel::verdict::clean);
  CHECK(ravel::regression("nonsense", lost_update).verdict == ravel::verdict::misused);
}
