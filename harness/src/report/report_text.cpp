// SPDX-License-Identifier: MIT
// The one file that turns a report into words. What broke, who, where, how often, how to see it again.
// Pure functions of the report, but for the directory that paths are shown from. Cost: O(length of the text).
#include "printable.hpp"
#include "symbols/names.hpp"
#include "trust.hpp"
#include "words.hpp"

#include <ravel/report.hpp>
#include <ravel/token.hpp>

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

namespace ravel {

namespace {

constexpr std::size_t tag_column = 60;
constexpr std::size_t findings_in_full = 20;

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void pad(std::string& line, std::size_t column) {
  if (line.size() < column) line.append(column - line.size(), ' ');
}

std::string place_text(const frame& place) {
  if (!place.file.empty()) {
    const std::string path = detail::short_path(place.file, detail::path_base());
    return place.line == 0 ? path : path + ":" + std::to_string(place.line);
  }
  if (place.module.empty()) return {};
  char offset[24];
  std::snprintf(offset, sizeof offset, "+0x%zx", static_cast<std::size_t>(place.offset));
  return place.module.substr(place.module.rfind('/') + 1) + offset;
}

std::string headline(const finding& finding, const report& of) {
  std::string line = finding.suppressed.empty() ? "" : "suppressed: ";
  line += word_for(finding.kind);
  if (!finding.what.empty()) line += " " + finding.what;
  if (const std::string doubt = detail::words_of_doubt(finding); !doubt.empty()) line += ", " + doubt;
  std::string tag = of.lane.empty() ? of.mode : of.lane;
  if (finding.first_trial != 0) {
    tag += ", " + of.trial_word + " " + std::to_string(finding.first_trial);
    if (of.trials_wanted >= finding.first_trial) tag += " of " + std::to_string(of.trials_wanted);
  }
  pad(line, tag_column);
  return line + (line.back() == ' ' ? "[" : "  [") + tag + "]\n";
}

using row = std::vector<std::string>;

// Columns as wide as their widest cell; trailing blanks are cut.
std::string columns(const std::vector<row>& rows, const std::string& indent) {
  std::vector<std::size_t> widths;
  for (const row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const row& row : rows) {
    std::string line = indent;
    std::size_t column = indent.size();
    for (std::size_t i = 0; i < row.size(); ++i) {
      pad(line, column);
      line += row[i];
      column += widths[i] == 0 ? 0 : widths[i] + 2;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    if (!line.empty()) text += line + "\n";
  }
  return text;
}

std::string actor_lines(const finding& finding) {
  std::vector<row> rows;
  for (const actor& actor : finding.actors) {
    std::string action = actor.action;
    if (!actor.object.empty()) action += (action.empty() ? "" : " ") + actor.object;
    rows.push_back({actor.thread, action, place_text(actor.place), detail::short_function_name(actor.place.function)});
  }
  return columns(rows, "  ");
}

// Whose frame it is, for the line that stands for several.
std::string owner_of(const frame& frame) {
  if (frame.file.find("/c++/") != std::string::npos || frame.function.starts_with("std::")) return "std";
  if (frame.file.find("/catch2/") != std::string::npos || frame.function.starts_with("Catch::")) return "Catch2";
  if (frame.file.find("/ravel/") != std::string::npos || frame.function.starts_with("ravel::")) return "Ravel";
  const std::string name = frame.module.substr(frame.module.rfind('/') + 1);
  if (name.find(".so") == std::string::npos) return frame.file.empty() ? "the run-time library" : "Ravel";
  return name.substr(0, name.find(".so"));
}

// begin..end are frames of libraries, the last of them called by the user's next frame.
std::string folded(const std::vector<frame>& stack, std::size_t begin, std::size_t end) {
  std::set<std::string> owners;
  for (std::size_t i = begin; i < end; ++i) owners.insert(owner_of(stack[i]));
  std::string list;
  for (const std::string& owner : owners) list += (list.empty() ? "" : ", ") + owner;
  std::string line = "... " + counted(end - begin, "frame") + " of " + list;
  if (!stack[end - 1].function.empty()) line += ", entered by " + detail::short_function_name(stack[end - 1].function);
  return line;
}

std::string stack_lines(const std::vector<frame>& stack) {
  std::vector<row> rows;
  bool is_first = true;
  for (std::size_t i = 0; i < stack.size();) {
    if (stack[i].is_user) {
      rows.push_back({(is_first ? "> " : "  ") + place_text(stack[i]), detail::short_function_name(stack[i].function)});
      is_first = false;
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < stack.size() && !stack[end].is_user) ++end;
    if (end == stack.size()) break;  // how Ravel or the system came to call the user's code says nothing
    rows.push_back({"  " + folded(stack, i, end)});
    i = end;
  }
  // A fold is no column: keep it from widening the others.
  std::vector<row> measured;
  for (const row& row : rows)
    if (row.size() > 1) measured.push_back(row);
  const std::string aligned = columns(measured, "    ");
  std::string text;
  std::size_t next = 0;
  for (const row& row : rows) {
    if (row.size() == 1) {
      text += "    " + row[0] + "\n";
      continue;
    }
    const std::size_t end = aligned.find('\n', next) + 1;
    text += aligned.substr(next, end - next);
    next = end;
  }
  return text;
}

// Without a frame of the user's everything is shown: the reader has nothing else to go by.
std::string bare_stack(const std::vector<frame>& stack) {
  std::vector<row> rows;
  for (const frame& frame : stack) rows.push_back({place_text(frame), detail::short_function_name(frame.function)});
  return columns(rows, "      ");
}

// A single frame of the user's is what the actor's line says already.
bool adds_something(const actor& actor) {
  if (actor.stack.empty()) return false;
  const auto users = std::ranges::count_if(actor.stack, [](const frame& frame) { return frame.is_user; });
  return users != 1 || std::ranges::none_of(actor.stack, [&](const frame& frame) {
           return frame.is_user && frame.file == actor.place.file && frame.line == actor.place.line;
         });
}

std::string who(const actor& actor) {
  std::string text = actor.thread;
  if (!actor.action.empty()) text += (text.empty() ? "" : ", which ") + actor.action;
  if (!actor.object.empty()) text += (text.empty() ? "" : " ") + actor.object;
  return text.empty() ? "the thread" : text;
}

// Threads with equal stacks share one.
std::string stacks(const finding& finding) {
  std::vector<std::pair<std::string, std::string>> shown;  // stack, whose
  for (const actor& actor : finding.actors) {
    if (!adds_something(actor)) continue;
    const bool has_user = std::ranges::any_of(actor.stack, [](const frame& frame) { return frame.is_user; });
    const std::string lines = has_user ? stack_lines(actor.stack) : bare_stack(actor.stack);
    const auto same = std::ranges::find(shown, lines, &std::pair<std::string, std::string>::first);
    if (same == shown.end())
      shown.emplace_back(lines, who(actor));
    else
      same->second += "; the same of " + who(actor);
  }
  std::string text;
  for (const auto& [lines, whose] : shown) text += "  stack of " + whose + "\n" + lines;
  return text;
}

std::string seen_line(const finding& finding, const report& of) {
  if (finding.trials_counted == 0) return {};
  const std::uint64_t total = std::max(finding.trials_counted, finding.trials_seen);
  std::string line = "  seen in " + std::to_string(finding.trials_seen) + " of " + counted(total, of.trial_word);
  if (finding.sightings > finding.trials_seen) line += ", " + std::to_string(finding.sightings) + " times in all";
  return line + "\n";
}

std::string replay_line(const finding& finding) {
  if (finding.replays == 0) return {};
  const std::string of = std::to_string(finding.replays_shown) + "/" + std::to_string(finding.replays);
  std::string line = "  replays " + of;
  if (finding.replayed_from != 0)
    line += ", when executions " + std::to_string(finding.replayed_from) + " to " +
            std::to_string(finding.first_trial) +
            " run in one process: alone it does not show, so it needs what the earlier ones leave behind";
  else if (finding.replays_shown == 0)
    line += ": its schedule alone does not show it again; something outside of Ravel's control takes part";
  else if (finding.replays_shown < finding.replays)
    line += ": something outside of Ravel's control takes part, such as random numbers, addresses or other processes";
  return line + "\n";
}

std::string confirmation_line(const finding& finding) {
  if (finding.directed == 0) return {};
  if (!finding.is_confirmed)
    return "  not confirmed in " + counted(finding.directed, "execution") +
           " steered towards it: something beside these locks may keep the threads apart, such as a flag that one of "
           "them waits for\n";
  const std::string how = "execution " + std::to_string(finding.directed) + " of those steered towards it deadlocked";
  if (parse_token(finding.token).schedule.empty())
    return "  CONFIRMED: " + how + ", but its schedule does not fit a token\n";
  return "  CONFIRMED, replay: RAVEL_REPLAY=" + finding.token + " (" + how + ")\n";
}

std::string per_trial(std::uint64_t all, const report& report) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", static_cast<double>(all) / static_cast<double>(report.trials_run));
  return text;
}

// What an exploration covered: ", 812 different schedules, 27.1 points and 3.4 switches each, 9,300 executions a
// second".
std::string exploration(const report& report) {
  if (report.engine.empty() || report.trials_run < 2) return {};
  std::string text = ", " + counted(report.schedules_seen, "different schedule") + ", " +
                     per_trial(report.points_seen, report) + " points and " + per_trial(report.switches_seen, report) +
                     " switches each";
  if (report.seconds > 0)
    text += ", " + std::to_string(static_cast<std::uint64_t>(static_cast<double>(report.trials_run) / report.seconds)) +
            " " + report.trial_word + "s a second";
  const auto first = std::ranges::min_element(report.findings, {}, &finding::first_trial);
  if (first != report.findings.end())
    text += ", first finding in " + report.trial_word + " " + std::to_string(first->first_trial);
  return text;
}

std::string coverage(const report& report) {
  std::string trials = std::to_string(report.trials_run);
  if (report.trials_run < report.trials_wanted) trials += " of " + std::to_string(report.trials_wanted);
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f s", report.seconds);
  const bool is_one = report.trials_run == 1 && report.trials_run >= report.trials_wanted;
  std::string text = trials + " " + report.trial_word + (is_one ? "" : "s") + ", " +
                     counted(report.threads_seen, "thread") + ", " + seconds + ", seed " + std::to_string(report.seed);
  text += exploration(report);
  if (!report.uninstrumented.empty()) {
    text += "; uninstrumented: ";
    for (std::size_t i = 0; i < report.uninstrumented.size(); ++i)
      text += (i == 0 ? "" : ", ") + report.uninstrumented[i];
  }
  return text;
}

// What a reader of "clean" should know first: how little was done of what was asked for.
std::string shortfall(const report& report) {
  if (!report.is_cut_short || report.trials_run * 10 >= report.trials_wanted) return {};
  const double percent = 100.0 * static_cast<double>(report.trials_run) / static_cast<double>(report.trials_wanted);
  char text[48];
  std::snprintf(text, sizeof text, percent < 1 ? "%.2g%%" : "%.0f%%", percent);
  return std::string(", but time ended after ") + text + " of the " + report.trial_word + "s";
}

std::string outcome(const report& report) {
  const auto failing = static_cast<std::uint64_t>(std::ranges::count_if(report.findings, is_failing));
  const auto doubtful = static_cast<std::uint64_t>(std::ranges::count_if(report.findings, is_doubtful));
  const std::uint64_t left = report.findings.size() - failing - doubtful;
  std::string others = doubtful == 0 ? "" : ", " + std::to_string(doubtful) + " doubtful";
  if (left != 0) others += ", " + std::to_string(left) + " that do not count";
  const std::string in = report.name.empty() ? "" : " in \"" + detail::printable(report.name) + "\"";
  switch (report.verdict) {
    case verdict::clean: return "nothing found" + in + others + shortfall(report);
    case verdict::faulty: return counted(failing, "finding") + in + others;
    default: break;
  }
  std::string text = report.reason.empty() ? "no reason was given" : report.reason;
  if (failing != 0) text += "; " + counted(failing, "finding");
  return text + (report.name.empty() ? "" : " (\"" + detail::printable(report.name) + "\")");
}

}  // namespace

const char* word_for(verdict verdict) noexcept {
  switch (verdict) {
    case verdict::clean: return "clean";
    case verdict::faulty: return "faulty";
    case verdict::undecided: return "undecided";
    case verdict::skipped: return "skipped";
    case verdict::misused: return "usage error";
    case verdict::broken: break;
  }
  return "broken";
}

std::string to_text(const finding& finding, const report& of) {
  std::string text = headline(finding, of) + actor_lines(finding);
  if (!finding.suppressed.empty()) return text + "  accepted because: " + finding.suppressed + "\n";
  if (finding.is_trusted) return text + seen_line(finding, of);
  text += stacks(finding);
  for (const std::string& note : finding.notes) text += "  " + note + "\n";
  text += confirmation_line(finding);
  text += detail::interleaving_text(finding) + seen_line(finding, of) + replay_line(finding);
  if (finding.is_informative) text += "  for information: this does not fail the test\n";
  if (finding.replays_shown != 0 && !of.is_program && !of.takes_files)
    text += "  keep as a test: ravel::regression(\"" + finding.token + "\", <the body of this test>)\n";
  if (!finding.rerun.empty()) text += "  rerun: " + finding.rerun + "\n";
  return text;
}

std::string to_text(const report& report) {
  std::string text;
  std::size_t shown = 0;
  for (const finding& finding : report.findings) {
    if (shown == findings_in_full)
      text += "The other " + std::to_string(report.findings.size() - shown) + " findings by their headlines only:\n";
    text += ++shown > findings_in_full ? headline(finding, report) : to_text(finding, report) + "\n";
  }
  for (const std::string& note : report.notes) text += "note: " + note + "\n";
  text += std::string(word_for(report.verdict)) + ": " + outcome(report);
  if (report.verdict != verdict::misused) text += "; " + coverage(report);
  text += "\n";
  for (const outcome_histogram& histogram : report.outcomes) text += detail::outcome_table_text(histogram);
  if (const std::string settles = detail::what_settles(report); !settles.empty()) text += settles + "\n";
  return text;
}

}  // namespace ravel
