// SPDX-License-Identifier: MIT
// Mean executions to the first finding, strategy by planted pair. Run by hand, and by CTest over few seeds:
//   RAVEL_VARIANT=points build/tests/explore/strategies/explore_table.points --seeds 20
//   [--strategies portfolio,pos] [--only <part of a name>] [--most <executions>] [--goal]
// A run that finds nothing within --most counts as that many and makes a ">". With --goal it fails unless portfolio
// needs at most 4 times what the best needs plus 10, and no more than the mean that the pair itself allows.
#include "first_finding.hpp"
#include "planted/explore/pair.hpp"
#include "registered.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace explored {

RAVEL_REGISTERED_HERE;

namespace {

struct arguments {
  std::uint64_t seeds = 20;
  std::uint64_t most = 10'000;
  std::string only;
  std::vector<std::string> strategies{"random", "pct", "pos", "surw", "rf", "portfolio"};
  bool has_goal = false;
};

struct mean {
  double executions = 0;
  std::uint64_t missed = 0;  // seeds
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts{""};
  for (const char c : text)
    if (c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

arguments read(int count, char** values) {
  arguments result;
  for (int i = 1; i < count; ++i) {
    const std::string name = values[i];
    const auto next = [&] { return std::string(++i < count ? values[i] : ""); };
    if (name == "--seeds")
      result.seeds = std::strtoull(next().c_str(), nullptr, 10);
    else if (name == "--most")
      result.most = std::strtoull(next().c_str(), nullptr, 10);
    else if (name == "--only")
      result.only = next();
    else if (name == "--strategies")
      result.strategies = split(next());
    else if (name == "--goal")
      result.has_goal = true;
    else {
      std::fprintf(stderr, "%s: no such option\n", name.c_str());
      std::exit(64);
    }
  }
  if (result.seeds == 0 || result.most == 0) std::exit(64);
  return result;
}

mean measure(const entry& entry, const std::string& strategy, const arguments& arguments) {
  mean result;
  for (std::uint64_t seed = 1; seed <= arguments.seeds; ++seed) {
    ravel::explore_options options = entry.options;
    options.name = entry.bug;
    options.executions = arguments.most;
    options.seconds = 300;
    options.seed = seed;
    options.strategy = strategy;
    const std::uint64_t first = first_finding(options, entry.body);
    result.missed += first == 0 ? 1 : 0;
    result.executions += static_cast<double>(first == 0 ? arguments.most : first);
  }
  result.executions /= static_cast<double>(arguments.seeds);
  return result;
}

// True: as it should be.
bool show(const entry& entry, const arguments& arguments) {
  double best = 0, portfolio = 0;
  std::printf("%-20s", entry.bug.c_str());
  std::fflush(stdout);
  for (const std::string& strategy : arguments.strategies) {
    const mean one = measure(entry, strategy, arguments);
    std::printf(" %s%*.1f", one.missed != 0 ? ">" : " ", 9, one.executions);
    std::fflush(stdout);
    if (strategy == "portfolio")
      portfolio = one.executions;
    else if (best == 0 || one.executions < best)
      best = one.executions;
  }
  // Where one of the two was not measured there is nothing to compare.
  const bool is_good = portfolio == 0 || ((best == 0 || portfolio <= 4 * best + 10) &&
                                          (entry.mean_executions == 0 || portfolio <= entry.mean_executions));
  std::printf("%s\n", is_good ? "" : "  too many");
  return is_good;
}

}  // namespace

}  // namespace explored

int main(int count, char** values) {
  using namespace explored;
  const arguments arguments = read(count, values);
  std::ranges::sort(entries(), {}, [](const entry& one) { return one.bug; });
  const char* variant = std::getenv("RAVEL_VARIANT");
  std::printf("mean executions to the first finding, %llu seeds, at most %llu (%s)\n%-20s",
              static_cast<unsigned long long>(arguments.seeds), static_cast<unsigned long long>(arguments.most),
              variant == nullptr ? "RAVEL_VARIANT is not set" : variant, "");
  for (const std::string& strategy : arguments.strategies) std::printf(" %10s", strategy.c_str());
  std::printf("\n");
  bool is_good = true;
  for (const entry& one : entries()) {
    if (one.half != half::faulty || one.bug.find(arguments.only) == std::string::npos) continue;
    if (variant != nullptr && std::ranges::find(one.not_run_in, variant) != one.not_run_in.end()) continue;
    is_good = show(one, arguments) && is_good;
  }
  return arguments.has_goal && !is_good ? 1 : 0;
}
