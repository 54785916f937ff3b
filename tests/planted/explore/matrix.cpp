// SPDX-License-Identifier: MIT
// Explores every planted half over seeds in the variant of this executable, and prints a table: how many executions a
// faulty half took until it was found, and whether the seed gives the same event log on both engines, in batches and in
// a fork for each execution.
//   planted_explore.<variant> [--seeds n] [--executions n] [--replays n] [--only text] [--list]
// PLANTED_SEEDS=n stands for --seeds n; TESTS_PART takes a part of the pairs (tests/part.hpp).
// Exit 0: every claim held. 1: a faulty half was missed or not replayed each time, a clean one was not silent, or the
// engines differ. 64: bad arguments. The variant is RAVEL_VARIANT, else plain; the strategy is the default, or
// RAVEL_STRATEGY.
#include "../../part.hpp"
#include "../../registered.hpp"
#include "engines.hpp"

#include <ravel/report.hpp>
#include <ravel/token.hpp>
#include <ravel/usage_error.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

namespace explored {

RAVEL_REGISTERED_HERE;

namespace {

// Three, or as PLANTED_SEEDS says.
unsigned long usual_seeds() {
  const char* wanted = std::getenv("PLANTED_SEEDS");
  const unsigned long seeds = wanted == nullptr ? 0 : std::strtoul(wanted, nullptr, 10);
  return seeds != 0 ? seeds : 3;
}

struct arguments {
  unsigned long seeds = usual_seeds();
  unsigned long executions = 0;  // of a clean half; 0: by variant
  unsigned long replays = 3;     // of a finding at least; ten are made, but for a machine too busy for that
  std::string only;
  bool lists = false;
};

std::string variant() {
  const char* value = std::getenv("RAVEL_VARIANT");
  return value != nullptr && *value != '\0' ? value : "plain";
}

bool is_claimed(const entry& entry, const std::string& variant) {
  return entry.half == half::clean || variant != "plain" || entry.is_found_in_plain;
}

const char* name_of(half half) { return half == half::faulty ? "faulty" : "clean"; }

struct outcome {
  bool is_as_wanted = false;
  std::uint64_t executions = 0;  // until the finding
  std::string report;
};

// Every immediate replay has shown it again.
bool is_replayed(const ravel::finding& finding, const arguments& arguments) {
  return finding.replays >= arguments.replays && finding.replays_shown == finding.replays;
}

// The other way, it has to have been tried.
bool is_as_claimed(const ravel::finding& order, bool is_confirmed) {
  if (order.kind == ravel::finding_kind::deadlock) return is_confirmed;  // seen before anything was directed
  if (order.directed == 0 || order.is_confirmed != is_confirmed) return false;
  return !is_confirmed || !ravel::parse_token(order.token).schedule.empty();
}

// In growing steps, each from the first execution again, because a run does not stop at its first finding.
outcome find(const entry& entry, std::uint64_t seed, const arguments& arguments) {
  outcome result;
  ravel::explore_options options = entry.options;
  options.name = entry.bug;
  options.seed = seed;
  options.seconds = 120;
  const std::uint64_t most = options.executions;
  for (std::uint64_t budget = 16; result.executions == 0; budget *= 5) {
    options.executions = std::min(budget, most);
    const ravel::report report = ravel::explore(options, entry.body);
    for (const ravel::finding& finding : report.findings)
      if (!finding.is_informative && std::ranges::find(entry.kinds, finding.kind) != entry.kinds.end() &&
          (result.executions == 0 || finding.first_trial < result.executions)) {
        result.executions = finding.first_trial;
        result.is_as_wanted =
            is_replayed(finding, arguments) && (!entry.is_confirmed || is_as_claimed(finding, *entry.is_confirmed));
      }
    result.report = ravel::to_text(report);
    if (options.executions == most) break;
  }
  return result;
}

outcome stay_silent(const entry& entry, std::uint64_t seed, unsigned long executions) {
  ravel::explore_options options = entry.options;
  options.name = entry.bug + " (clean)";
  options.seed = seed;
  options.seconds = 120;
  // A fork for each costs a hundred times as much.
  options.executions = options.isolation == ravel::isolation::trial ? std::max(executions / 20, 1ul) : executions;
  const ravel::report report = ravel::explore(options, entry.body);
  return {report.verdict == ravel::verdict::clean && report.trials_run == options.executions, 0,
          ravel::to_text(report)};
}

// Returns false when a claim did not hold. Prints one line, and the report of the first seed that failed.
bool check(const entry& entry, const std::string& variant, const arguments& arguments) {
  std::printf("%-18s %-7s", entry.bug.c_str(), name_of(entry.half));
  if (std::ranges::find(entry.not_run_in, variant) != entry.not_run_in.end()) {
    std::printf(" not run in this variant\n");
    return true;
  }
  if (!is_claimed(entry, variant)) {
    std::printf(" not claimed in this variant\n");
    return true;
  }
  const unsigned long executions = arguments.executions != 0 ? arguments.executions : variant == "thread" ? 100 : 300;
  unsigned long as_wanted = 0;
  double total = 0;
  std::string failure, firsts;
  for (unsigned long seed = 1; seed <= arguments.seeds; ++seed) {
    const outcome one =
        entry.half == half::faulty ? find(entry, seed, arguments) : stay_silent(entry, seed, executions);
    as_wanted += one.is_as_wanted ? 1 : 0;
    if (!one.is_as_wanted && failure.empty()) failure = one.report;
    total += static_cast<double>(one.executions);
    if (arguments.seeds <= 3) firsts += " " + std::to_string(one.executions);
  }
  const double mean = total / static_cast<double>(arguments.seeds);
  if (entry.half == half::faulty)
    std::printf(" found and replayed in %lu of %lu seeds, after%s %s%.0f executions", as_wanted, arguments.seeds,
                firsts.c_str(), firsts.empty() ? "" : "mean ", mean);
  else
    std::printf(" silent in %lu of %lu seeds, %lu executions each", as_wanted, arguments.seeds, executions);
  if (entry.mean_executions != 0 && arguments.seeds >= 20 && mean > entry.mean_executions)
    failure += "mean above " + std::to_string(entry.mean_executions) + "\n";
  if (const std::string difference = difference_of_engines(entry, 1, variant == "thread" ? 8 : 24); !difference.empty())
    failure += "engines: " + difference + "\n";
  std::printf("%s\n", failure.empty() ? "" : "  <-- FAILED");
  if (!failure.empty()) std::printf("%s\n", failure.c_str());
  std::fflush(stdout);
  return failure.empty();
}

int usage() {
  std::fprintf(stderr,
               "usage: planted_explore.<variant> [--seeds n] [--executions n] [--replays n] [--only text] [--list]\n");
  return 64;
}

int run(const arguments& arguments) {
  const std::string here = variant();
  std::map<std::string, unsigned> halves;
  unsigned failed = 0, done = 0;
  std::ranges::sort(entries(), {}, [](const entry& one) { return one.bug + name_of(one.half); });
  const tests::part part = tests::wanted_part();
  for (const entry& one : entries()) {
    halves[one.bug] |= one.half == half::faulty ? 1u : 2u;
    // Both halves of a pair are in one part.
    if (one.bug.find(arguments.only) == std::string::npos || !part.has(halves.size() - 1)) continue;
    ++done;
    if (arguments.lists)
      std::printf("%s %s\n", one.bug.c_str(), name_of(one.half));
    else
      failed += check(one, here, arguments) ? 0 : 1;
  }
  for (const auto& [bug, both] : halves)
    if (both != 3) {
      std::printf("%s has no %s half\n", bug.c_str(), both == 1 ? "clean" : "faulty");
      ++failed;
    }
  std::printf("%s: %u halves, %u failed, %lu seeds each\n", here.c_str(), done, failed, arguments.seeds);
  if (done == 0) std::printf("no half matches \"%s\"\n", arguments.only.c_str());
  return failed == 0 && done != 0 ? 0 : 1;
}

bool read_count(const char* text, unsigned long& count) {
  char* end = nullptr;
  count = std::strtoul(text, &end, 10);
  return *end == '\0' && count != 0;
}

}  // namespace

}  // namespace explored

int main(int argc, char** argv) {
  explored::arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const bool has_value = i + 1 < argc;
    if (std::strcmp(argv[i], "--list") == 0) {
      arguments.lists = true;
    } else if (std::strcmp(argv[i], "--seeds") == 0 && has_value) {
      if (!explored::read_count(argv[++i], arguments.seeds)) return explored::usage();
    } else if (std::strcmp(argv[i], "--executions") == 0 && has_value) {
      if (!explored::read_count(argv[++i], arguments.executions)) return explored::usage();
    } else if (std::strcmp(argv[i], "--replays") == 0 && has_value) {
      if (!explored::read_count(argv[++i], arguments.replays)) return explored::usage();
    } else if (std::strcmp(argv[i], "--only") == 0 && has_value) {
      arguments.only = argv[++i];
    } else {
      return explored::usage();
    }
  }
  try {
    return explored::run(arguments);
  } catch (const ravel::usage_error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 64;
  }
}
