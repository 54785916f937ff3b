// SPDX-License-Identifier: MIT
// See told.hpp. By hand, over many seeds, in the mode of RAVEL_MODE:
//   RAVEL_VARIANT=thread RAVEL_MODE=explore build/tests/planted/told/told.thread 100 fence
#include "told.hpp"

#include "../../registered.hpp"

#include <ravel/report.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace told {

RAVEL_REGISTERED_HERE;

namespace {

bool has_race(const ravel::report& report) {
  return std::ranges::any_of(report.findings, [](const ravel::finding& one) {
    return one.kind == ravel::finding_kind::race || one.kind == ravel::finding_kind::memory_error;
  });
}

bool check(const entry& one, unsigned long seeds) {
  unsigned long right = 0;
  std::string first_wrong;
  for (unsigned long seed = 1; seed <= seeds; ++seed) {
    const ravel::report report = ravel::run_test(
        {.name = one.name, .rounds = 50, .executions = one.is == is::racy ? 10u : 100u, .seed = seed}, one.body);
    const bool is_right = one.is == is::racy ? has_race(report) : report.verdict == ravel::verdict::clean;
    right += is_right ? 1 : 0;
    if (!is_right && first_wrong.empty()) first_wrong = ravel::to_text(report);
  }
  std::printf("%-66s %s in %lu of %lu seeds%s\n", one.name.c_str(), one.is == is::racy ? "race" : "clean", right, seeds,
              right == seeds ? "" : "  <-- FAILED");
  if (right != seeds) std::printf("%s\n", first_wrong.c_str());
  std::fflush(stdout);
  return right == seeds;
}

}  // namespace

}  // namespace told

int main(int argc, char** argv) {
  const char* usual = std::getenv("PLANTED_SEEDS");
  const unsigned long seeds = std::strtoul(argc > 1 ? argv[1] : usual != nullptr ? usual : "3", nullptr, 10);
  const std::string only = argc > 2 ? argv[2] : "";
  unsigned failed = 0, done = 0;
  for (const told::entry& one : told::entries()) {
    if (one.name.find(only) == std::string::npos) continue;
    ++done;
    failed += told::check(one, seeds) ? 0 : 1;
  }
  std::printf("%u bodies, %u failed, %lu seeds each\n", done, failed, seeds);
  return failed == 0 && done != 0 && seeds != 0 ? 0 : 1;
}
