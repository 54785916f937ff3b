// SPDX-License-Identifier: MIT
// Explores the planted half that is named first, or repeats RAVEL_REPLAY with it. Compiled without any sanitizer, once
// for all compilers; linked with all planted halves and Ravel. Prints the report, and for the finding that it was
// planted for "shows <kind> <what>" without numbers, and "token <token>".
// Exit 0: there is one; 1: none; 64: refused.
#include "pair.hpp"
#include "registered.hpp"

#include <ravel/report.hpp>
#include <ravel/usage_error.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

namespace explored {

RAVEL_REGISTERED_HERE;

}  // namespace explored

namespace {

// The token of a confirmed lock order shows the deadlock; without one, the execution that has the order shows that.
std::string words_for(const ravel::finding& finding) {
  if (finding.kind == ravel::finding_kind::deadlock || finding.is_confirmed) return "deadlock";
  return std::string(word_for(finding.kind)) + " " + finding.what.substr(0, finding.what.find_first_of("0123456789"));
}

bool is_planted(const ravel::finding& finding, const explored::entry& pair) {
  if (finding.is_informative) return false;
  return std::ranges::find(pair.kinds, finding.kind) != pair.kinds.end() ||
         (pair.is_confirmed == true && finding.kind == ravel::finding_kind::deadlock);
}

}  // namespace

int main(int count, char** words) try {
  const std::string bug = count > 1 ? words[1] : "";
  const auto pair = std::ranges::find(explored::entries(), bug, &explored::entry::bug);
  if (pair == explored::entries().end()) return 64;
  ravel::explore_options options = pair->options;
  options.name = pair->bug;
  options.executions = std::min<std::uint64_t>(options.executions, 1'000);
  const ravel::report report = ravel::explore(options, pair->body);
  std::printf("%s\n", ravel::to_text(report).c_str());
  for (const ravel::finding& finding : report.findings) {
    if (!is_planted(finding, *pair)) continue;
    std::printf("shows %s\ntoken %s\n", words_for(finding).c_str(), finding.token.c_str());
    return 0;
  }
  return 1;
} catch (const ravel::usage_error& error) {
  std::printf("%s\n", error.what());
  return 64;
}
