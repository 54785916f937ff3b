// SPDX-License-Identifier: MIT
// See outcomes.hpp and words.hpp: a table of outcomes, from counts to words.
#include "outcomes.hpp"

#include "printable.hpp"
#include "symbols/names.hpp"
#include "words.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

namespace ravel::detail {

namespace {

std::string share_text(std::uint64_t count, std::uint64_t all) {
  char text[32];
  const double percent = all == 0 ? 0 : 100.0 * static_cast<double>(count) / static_cast<double>(all);
  if (count != 0 && percent < 0.005) return "<0.01%";
  std::snprintf(text, sizeof text, "%.2f%%", percent);
  return text;
}

struct table_line {
  std::string value, count, share, kind;
};

}  // namespace

std::vector<outcome_histogram> outcomes_of(const outcome_table& table) {
  std::vector<outcome_histogram> all;
  for (std::uint32_t i = 0; i < std::min(table.used.load(), outcome_table::capacity); ++i) {
    const outcome_histogram_record& record = table.histograms[i];
    outcome_histogram& one = all.emplace_back();
    one.file = printable(record.file.c_str());
    one.line = record.line;
    one.others = record.others.load();
    const std::uint32_t count = std::min(record.used.load(), outcome_histogram_record::capacity);
    for (const auto* value = record.values; value != record.values + count; ++value)
      one.values.push_back({printable(value->text.c_str()), value->kind, value->count.load()});
    std::ranges::sort(one.values, {}, &outcome_count::value);
  }
  return all;
}

std::string outcome_table_text(const outcome_histogram& histogram) {
  std::uint64_t all = histogram.others;
  for (const outcome_count& one : histogram.values) all += one.count;
  std::vector<table_line> lines{{"value", "count", "share", "kind"}};
  const auto add = [&](const std::string& value, std::uint64_t count, const char* kind) {
    lines.push_back({value, std::to_string(count), share_text(count, all), kind});
  };
  for (const outcome_count& one : histogram.values) add(one.value, one.count, word_for(one.kind));
  if (histogram.others != 0)
    add("others", histogram.others,
        ("in no list, and beyond the " + std::to_string(outcome_histogram_record::capacity) + " that are told apart")
            .c_str());
  std::size_t widths[3] = {};
  for (const table_line& line : lines) {
    widths[0] = std::max(widths[0], line.value.size());
    widths[1] = std::max(widths[1], line.count.size());
    widths[2] = std::max(widths[2], line.share.size());
  }
  std::string text = "outcomes at " + short_path(histogram.file, path_base()) + ":" + std::to_string(histogram.line) +
                     ", " + std::to_string(all) + " in all:\n";
  for (const table_line& line : lines)
    text += "  " + line.value + std::string(widths[0] - line.value.size(), ' ') + "  " +
            std::string(widths[1] - line.count.size(), ' ') + line.count + "  " +
            std::string(widths[2] - line.share.size(), ' ') + line.share + "  " + line.kind + "\n";
  return text;
}

}  // namespace ravel::detail
