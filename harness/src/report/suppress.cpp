// SPDX-License-Identifier: MIT
// See suppress.hpp. A suppressed finding stays in the report, with the reason; it does not fail the test.
#include "suppress.hpp"

#include <ravel/usage_error.hpp>

#include <ctime>

namespace ravel::detail {

namespace {

bool is_date(const std::string& text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 4 || i == 7;
    if (is_dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  }
  const int month = std::stoi(text.substr(5, 2)), day = std::stoi(text.substr(8, 2));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool has(const std::string& text, const std::string& match) { return text.find(match) != std::string::npos; }

bool matches(const frame& frame, const std::string& match) {
  return has(frame.function, match) || has(frame.file, match);
}

bool matches(const finding& finding, const std::string& match) {
  if (has(std::string(word_for(finding.kind)) + " " + finding.what, match)) return true;
  for (const actor& actor : finding.actors) {
    if (has(actor.object, match) || matches(actor.place, match)) return true;
    for (const frame& frame : actor.stack)
      if (matches(frame, match)) return true;
  }
  return false;
}

}  // namespace

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

void check_suppressions(const std::vector<suppression>& suppressions) {
  for (const suppression& entry : suppressions) {
    const std::string example = "write {.match = \"session_cache::size\", .reason = \"a statistic, issue 12\"}.";
    if (entry.match.empty())
      throw usage_error("a suppression matches nothing in particular: its .match is empty; " + example);
    if (entry.reason.empty())
      throw usage_error("the suppression of \"" + entry.match + "\" gives no reason; " + example);
    if (!entry.expires.empty() && !is_date(entry.expires))
      throw usage_error("the suppression of \"" + entry.match + "\" expires on \"" + entry.expires +
                        "\", which is no date; write .expires = \"2027-01-31\", or leave it out.");
  }
}

void apply_suppressions(report& report, const std::vector<suppression>& suppressions, const std::string& today) {
  for (const suppression& entry : suppressions) {
    const bool is_expired = !entry.expires.empty() && entry.expires < today;
    bool is_used = false;
    for (finding& finding : report.findings) {
      if (!matches(finding, entry.match)) continue;
      is_used = true;
      if (!is_expired && finding.suppressed.empty()) finding.suppressed = entry.reason;
    }
    const std::string name = "the suppression of \"" + entry.match + "\" (" + entry.reason + ")";
    if (is_expired)
      report.notes.push_back(
          name + " expired on " + entry.expires + " and was not applied" +
          (is_used ? "; what it matched fails the test" : "; nothing matches it any more: remove it"));
    else if (!is_used)
      report.notes.push_back(name + " matched nothing in this run; remove it if that stays so");
  }
}

}  // namespace ravel::detail
