// SPDX-License-Identifier: MIT
// See invariants.hpp.
#include "invariants.hpp"

#include "printable.hpp"
#include "symbols/names.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

template <class Look>
void for_each_invariant(const invariant_table& table, Look look) {
  const std::uint32_t count = std::min(table.used.load(), invariant_table::capacity);
  for (std::uint32_t i = 0; i < count; ++i) look(table.records[i]);
}

std::string judged_at(const invariant_record& one) {
  std::string text = "invariant \"" + printable(one.what.c_str()) + "\" (" +
                     short_path(printable(one.file.c_str()), path_base()) + ":" + std::to_string(one.line) +
                     "): judged at " + std::to_string(one.judged.load()) + " of " + std::to_string(one.points.load()) +
                     " points";
  if (const std::uint64_t count = one.in_operation.load(); count != 0)
    text += "; at " + std::to_string(count) + " an operation was in flight";
  if (const std::uint64_t count = one.passed_over.load(); count != 0)
    text += "; at " + std::to_string(count) + " it would have waited";
  if (const std::uint64_t count = one.unrecorded.load(); count != 0)
    text += "; at " + std::to_string(count) +
            " nobody knew whether an operation was in flight, because the trial had recorded none (see "
            "ravel/operation_in_flight.hpp, or ask for .at = ravel::every_point)";
  return text;
}

}  // namespace

void add_invariants(report& report, const invariant_table& table) {
  for_each_invariant(table, [&](const invariant_record& one) { report.notes.push_back(judged_at(one)); });
}

std::string unjudged_invariant(const invariant_table& table) {
  std::string text;
  for_each_invariant(table, [&](const invariant_record& one) {
    if (one.judged.load() == 0 && text.empty()) text = "nothing is known of an " + judged_at(one);
  });
  return text;
}

}  // namespace ravel::detail
