// SPDX-License-Identifier: MIT
// Runs every planted half over seeds in the lane of this executable, and prints a table.
//   planted.<variant> [--seeds n] [--only text] [--list] [--unclaimed]
// --unclaimed: also the faulty halves that the lane does not claim to find; they never fail.
// PLANTED_SEEDS=n stands for --seeds n, except under Valgrind.
// Exit 0: every claim held. 1: a faulty half was missed, or a clean one was not silent. 64: bad arguments.
// The lane is RAVEL_TOOL, else RAVEL_VARIANT, else plain.
#include "planted.hpp"

#include "../registered.hpp"

#include <ravel/report.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

namespace planted {

RAVEL_REGISTERED_HERE;

namespace {

struct arguments {
  unsigned long seeds = 0;  // 0: usual_seeds()
  std::string only;
  bool lists = false;
  bool tries_unclaimed = false;
};

std::string lane() {
  for (const char* name : {"RAVEL_TOOL", "RAVEL_VARIANT"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  return "plain";
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool shows(const ravel::report& report, const entry& entry) {
  return std::ranges::any_of(report.findings, [&](const ravel::finding& finding) {
    return !finding.is_informative && std::ranges::find(entry.kinds, finding.kind) != entry.kinds.end();
  });
}

const char* name_of(half half) { return half == half::faulty ? "faulty" : "clean"; }

// Returns false when a claim did not hold. Prints one line, and the report of the first seed that failed.
bool check(const entry& entry, const std::string& lane, unsigned long seeds, bool tries_unclaimed) {
  const bool is_claimed = has(entry.lanes, lane);
  if (entry.half == half::faulty && !is_claimed && !tries_unclaimed) {
    std::printf("%-34s %-7s not claimed in this lane\n", entry.bug.c_str(), name_of(entry.half));
    return true;
  }
  if (entry.half == half::clean && is_claimed) {
    std::printf("%-34s %-7s not run in this lane\n", entry.bug.c_str(), name_of(entry.half));
    return true;
  }
  unsigned long as_wanted = 0;
  std::string first_failure;
  for (unsigned long seed = 1; seed <= seeds; ++seed) {
    ravel::stress_options options = entry.options;
    options.name = entry.bug + " (" + name_of(entry.half) + ")";
    options.seed = seed;
    const ravel::report report = ravel::stress(options, entry.body);
    const bool is_as_wanted =
        entry.half == half::faulty ? shows(report, entry) : report.verdict == ravel::verdict::clean;
    as_wanted += is_as_wanted ? 1 : 0;
    if (!is_as_wanted && first_failure.empty()) first_failure = ravel::to_text(report);
  }
  const bool must_hold = entry.half == half::clean || is_claimed;
  const bool holds = as_wanted == seeds;
  std::printf("%-34s %-7s %s in %lu of %lu seeds%s\n", entry.bug.c_str(), name_of(entry.half),
              entry.half == half::faulty ? "found" : "silent", as_wanted, seeds,
              holds       ? ""
              : must_hold ? "  <-- FAILED"
                          : "  (not claimed in this lane)");
  if (!holds && must_hold) std::printf("%s\n", first_failure.c_str());
  std::fflush(stdout);
  return holds || !must_hold;
}

// Three, or one under a Valgrind tool, where each costs fifty times as much.
unsigned long usual_seeds() {
  if (const char* tool = std::getenv("RAVEL_TOOL"); tool != nullptr && *tool != '\0') return 1;
  const char* wanted = std::getenv("PLANTED_SEEDS");
  const unsigned long seeds = wanted == nullptr ? 0 : std::strtoul(wanted, nullptr, 10);
  return seeds != 0 ? seeds : 3;
}

int usage() {
  std::fprintf(stderr, "usage: planted.<variant> [--seeds n] [--only text] [--list] [--unclaimed]\n");
  return 64;
}

int run(const arguments& arguments) {
  const std::string here = lane();
  const unsigned long seeds = arguments.seeds != 0 ? arguments.seeds : usual_seeds();
  std::map<std::string, unsigned> halves;
  unsigned failed = 0, done = 0;
  std::ranges::sort(entries(), {}, [](const entry& one) { return one.bug + name_of(one.half); });
  for (const entry& one : entries()) {
    halves[one.bug] |= one.half == half::faulty ? 1u : 2u;
    if (one.bug.find(arguments.only) == std::string::npos) continue;
    if (arguments.lists) {
      std::printf("%s %s\n", one.bug.c_str(), name_of(one.half));
      continue;
    }
    ++done;
    failed += check(one, here, seeds, arguments.tries_unclaimed) ? 0 : 1;
  }
  for (const auto& [bug, both] : halves)
    if (both != 3) {
      std::printf("%s has no %s half\n", bug.c_str(), both == 1 ? "clean" : "faulty");
      ++failed;
    }
  if (arguments.lists) return failed == 0 ? 0 : 1;
  std::printf("%s: %u halves, %u failed, %lu seeds each\n", here.c_str(), done, failed, seeds);
  if (done == 0) std::printf("no half matches \"%s\"\n", arguments.only.c_str());
  return failed == 0 && done != 0 ? 0 : 1;
}

}  // namespace

}  // namespace planted

int main(int argc, char** argv) {
  planted::arguments arguments;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--list") == 0) {
      arguments.lists = true;
    } else if (std::strcmp(argv[i], "--unclaimed") == 0) {
      arguments.tries_unclaimed = true;
    } else if (std::strcmp(argv[i], "--seeds") == 0 && i + 1 < argc) {
      char* end = nullptr;
      arguments.seeds = std::strtoul(argv[++i], &end, 10);
      if (*end != '\0' || arguments.seeds == 0) return planted::usage();
    } else if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
      arguments.only = argv[++i];
    } else {
      return planted::usage();
    }
  }
  return planted::run(arguments);
}
