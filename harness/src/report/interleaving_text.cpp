// SPDX-License-Identifier: MIT
// An interleaving in words: one column for each thread, time downwards, a mark where another thread goes on. Where the
// columns would be too wide, one line a step with the thread's name in front. Pure function of the finding, but for the
// directory that paths are shown from.
#include "words.hpp"

#include "symbols/names.hpp"

#include <algorithm>
#include <map>

namespace ravel::detail {

namespace {

constexpr std::size_t widest = 116;

std::string cell_text(const step& step) {
  std::string text = step.times > 1 ? "looked at " + step.object : step.operation + " " + step.object;
  if (step.times > 1) text += " " + std::to_string(step.times) + " times";
  return step.value.empty() ? text : text + " = " + step.value;
}

std::string place_text(const step& step) {
  if (step.place.file.empty()) return {};
  return step.place.file.substr(step.place.file.rfind('/') + 1) + ":" + std::to_string(step.place.line);
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string margin(const step& step) {
  const char* arrow = step.is_chosen ? ">>" : step.is_switch ? " >" : "  ";
  return std::string("  ") + (step.is_marked ? "*" : " ") + arrow + " ";
}

std::string left_out_before(const step& step) {
  if (step.skipped == 0) return {};
  std::string line = "      ... " + std::to_string(step.skipped) + (step.skipped == 1 ? " step" : " steps");
  if (!step.skipped_what.empty()) line += " of " + step.skipped_what;
  return line + "\n";
}

std::string rounds_after(const step& step) {
  if (step.came_again == 0) return {};
  const std::string what = step.round == 1 ? "this step" : "these " + std::to_string(step.round) + " steps";
  return "      ... " + what + " came " + std::to_string(step.came_again) + " times more" +
         (step.is_same_again ? ", with the same values\n" : ", with other values\n");
}

struct column {
  std::string thread;
  std::size_t width;
  std::string calls;  // shown last
};

std::vector<column> columns_of(const std::vector<step>& steps) {
  std::vector<column> columns;
  for (const step& step : steps) {
    auto place = std::ranges::find(columns, step.thread, &column::thread);
    if (place == columns.end()) place = columns.insert(columns.end(), {step.thread, step.thread.size(), {}});
    place->width = std::max(place->width, cell_text(step).size());
  }
  return columns;
}

bool is_nested(const std::string& calls) { return calls.find(" > ") != std::string::npos; }

// The functions that the thread is in, where they are others than at its step before. That it is in its own one needs
// no such line but where it comes back to it.
std::vector<bool> steps_with_calls(const std::vector<step>& steps) {
  std::vector<bool> has_line(steps.size(), false);
  std::map<std::string, std::string> latest;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const step& step = steps[i];
    const auto [known, is_new] = latest.try_emplace(step.thread);
    has_line[i] = !step.calls.empty() && known->second != step.calls && (is_nested(step.calls) || !is_new);
    known->second = step.calls;
  }
  return has_line;
}

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// Without the thread's own function, which says nothing new, and as many of the innermost calls as there is room for.
std::string fitting_calls(const std::string& calls, std::size_t room) {
  std::string text = is_nested(calls) ? calls.substr(calls.find(" > ") + 3) : calls;
  for (std::size_t cut = text.find(" > "); text.size() > room && cut != std::string::npos; cut = text.find(" > ", 4))
    text = "..." + text.substr(cut);
  return text + ":";
}

std::string in_columns(const std::vector<step>& steps, const std::vector<column>& columns, std::size_t places) {
  std::string head = "      " + padded("", places);
  for (const column& column : columns) head += "   " + padded(column.thread, column.width);
  std::string text = without_trailing_blanks(head);
  const std::vector<bool> has_calls = steps_with_calls(steps);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const step& step = steps[i];
    text += left_out_before(step);
    std::string before;
    for (const column& column : columns) {
      if (column.thread == step.thread) break;
      before.append(column.width + 3, ' ');
    }
    if (has_calls[i]) {
      const std::string blank = "      " + padded("", places) + before + "   ";
      text += blank + fitting_calls(step.calls, blank.size() < widest ? widest - blank.size() : 0) + "\n";
    }
    text +=
        margin(step) + padded(place_text(step), places) + before + "   " + cell_text(step) + "\n" + rounds_after(step);
  }
  return text;
}

std::string in_lines(const std::vector<step>& steps, const std::vector<column>& columns, std::size_t places) {
  std::size_t width = 0;
  for (const column& column : columns) width = std::max(width, column.thread.size());
  std::string text;
  const std::vector<bool> has_calls = steps_with_calls(steps);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const step& step = steps[i];
    text += left_out_before(step);
    if (has_calls[i])
      text += "      " + padded("", places) + "   " + padded(step.thread, width) + "   " +
              fitting_calls(step.calls, widest) + "\n";
    text += margin(step) + padded(place_text(step), places) + "   " + padded(step.thread, width) + "   " +
            cell_text(step) + "\n" + rounds_after(step);
  }
  return text;
}

// What the marks in the margin mean, as far as there are any.
std::string legend(const std::vector<step>& steps) {
  std::string text = "> another thread goes on";
  if (std::ranges::any_of(steps, &step::is_chosen)) text += ", >> by a switch that matters";
  if (std::ranges::any_of(steps, &step::is_marked)) text += ", * what this is about";
  return text;
}

}  // namespace

std::string interleaving_text(const finding& finding) {
  if (finding.interleaving.empty()) return {};
  std::string text = "  how it came about";
  if (finding.is_minimised)
    text += finding.switches == 0   ? ", with no switch but where a thread ends or has to wait"
            : finding.switches == 1 ? ", with one switch that matters"
                                    : ", with the fewest switches that show it, " + std::to_string(finding.switches);
  text += " (" + legend(finding.interleaving) + "):\n";
  const std::vector<column> columns = columns_of(finding.interleaving);
  std::size_t places = 0;
  for (const step& step : finding.interleaving) places = std::max(places, place_text(step).size());
  std::size_t width = 6 + places;
  for (const column& column : columns) width += 3 + column.width;
  text += width <= widest ? in_columns(finding.interleaving, columns, places)
                          : in_lines(finding.interleaving, columns, places);
  for (const std::string& one : finding.heap_objects) text += "      " + one + "\n";
  if (!finding.trace_file.empty())
    text += "  all of its steps" + (finding.left_out.empty() ? "" : ", with " + finding.left_out) + ": " +
            short_path(finding.trace_file, path_base()) + "\n";
  else if (!finding.left_out.empty())
    text += "  left out of it: " + finding.left_out + "\n";
  return text;
}

}  // namespace ravel::detail
