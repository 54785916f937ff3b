// SPDX-License-Identifier: MIT
// An interleaving in words: one column for each thread, time downwards, a mark where another thread goes on. Where the
// columns would be too wide, one line a step with the thread's name in front. Pure function of the steps.
#include "words.hpp"

#include "symbols/names.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

constexpr std::size_t widest = 116;

std::string cell_text(const step& step) {
  const std::string text = step.operation + " " + step.object;
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

std::string left_out(std::uint64_t count) {
  return "      ... " + std::to_string(count) + (count == 1 ? " step\n" : " steps\n");
}

struct column {
  std::string thread;
  std::size_t width;
};

std::vector<column> columns_of(const std::vector<step>& steps) {
  std::vector<column> columns;
  for (const step& step : steps) {
    auto place = std::ranges::find(columns, step.thread, &column::thread);
    if (place == columns.end()) place = columns.insert(columns.end(), {step.thread, step.thread.size()});
    place->width = std::max(place->width, cell_text(step).size());
  }
  return columns;
}

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string in_columns(const std::vector<step>& steps, const std::vector<column>& columns, std::size_t places) {
  std::string head = "      " + padded("", places);
  for (const column& column : columns) head += "   " + padded(column.thread, column.width);
  std::string text = without_trailing_blanks(head);
  for (const step& step : steps) {
    if (step.skipped != 0) text += left_out(step.skipped);
    std::string line = (step.is_switch ? "    > " : "      ") + padded(place_text(step), places);
    for (const column& column : columns) {
      if (column.thread == step.thread) break;
      line.append(column.width + 3, ' ');
    }
    text += line + "   " + cell_text(step) + "\n";
  }
  return text;
}

std::string in_lines(const std::vector<step>& steps, const std::vector<column>& columns, std::size_t places) {
  std::size_t width = 0;
  for (const column& column : columns) width = std::max(width, column.thread.size());
  std::string text;
  for (const step& step : steps) {
    if (step.skipped != 0) text += left_out(step.skipped);
    text += (step.is_switch ? "    > " : "      ") + padded(place_text(step), places) + "   " +
            padded(step.thread, width) + "   " + cell_text(step) + "\n";
  }
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
  text += " (> another thread goes on):\n";
  const std::vector<column> columns = columns_of(finding.interleaving);
  std::size_t places = 0;
  for (const step& step : finding.interleaving) places = std::max(places, place_text(step).size());
  std::size_t width = 6 + places;
  for (const column& column : columns) width += 3 + column.width;
  return text + (width <= widest ? in_columns(finding.interleaving, columns, places)
                                 : in_lines(finding.interleaving, columns, places));
}

}  // namespace ravel::detail
