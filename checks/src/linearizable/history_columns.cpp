// SPDX-License-Identifier: MIT
// See history_columns.hpp. A call that no other begins or ends within is one line; any other begins and ends in two.
#include "history_columns.hpp"

#include <algorithm>
#include <vector>

namespace ravel::checks::detail {

namespace {

constexpr std::size_t most_lines = 60, most_in_order = 24, widest = 46;

struct moment {
  std::uint64_t time;
  bool is_end;
  std::uint32_t call;
};

std::vector<moment> moments_of(const history& history, const std::vector<std::uint32_t>& calls) {
  std::vector<moment> moments;
  for (const std::uint32_t i : calls) {
    moments.push_back({history.calls[i].invoked, false, i});
    if (!history.calls[i].is_pending()) moments.push_back({history.calls[i].returned, true, i});
  }
  std::ranges::stable_sort(moments, {}, [](const moment& one) { return one.time; });
  return moments;
}

// Of a partitioned history only what belongs to the part that fails: what was put in order, and what was not and
// should.
std::vector<std::uint32_t> shown_calls(const history& history, const judgement& found) {
  std::vector<std::uint32_t> calls;
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) calls.push_back(i);
  if (found.misfits.empty() || calls.size() <= most_lines) return calls;
  // Around the call that fits nowhere.
  const std::uint64_t at = history.calls[found.misfits.front().call].returned;
  std::ranges::stable_sort(calls, {}, [&](std::uint32_t i) {
    const std::uint64_t time = history.calls[i].invoked;
    return time > at ? time - at : at - time;
  });
  calls.resize(most_lines / 2);
  return calls;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

void add_line(std::string& to, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line = "    ";
  for (std::size_t i = 0; i < cells.size(); ++i) line += padded(cells[i], widths[i] + 2);
  line.erase(line.find_last_not_of(' ') + 1);
  to += line + "\n";
}

std::string columns(const history& history, const std::vector<std::uint32_t>& calls) {
  std::vector<std::uint32_t> threads;
  for (const std::uint32_t i : calls)
    if (std::ranges::find(threads, history.calls[i].thread) == threads.end())
      threads.push_back(history.calls[i].thread);
  std::ranges::sort(threads, {}, [&](std::uint32_t thread) { return history.threads[thread]; });
  std::vector<std::vector<std::string>> rows(1);
  for (const std::uint32_t thread : threads) rows[0].push_back(history.threads[thread]);
  const std::vector<moment> moments = moments_of(history, calls);
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const call& one = history.calls[moments[i].call];
    const bool is_whole = i + 1 < moments.size() && !moments[i].is_end && moments[i + 1].call == moments[i].call;
    std::string cell = moments[i].is_end ? "  -> " + history.words_for(one.result) : history.words_for(one);
    if (is_whole) cell += " -> " + history.words_for(one.result);
    if (!moments[i].is_end && one.is_pending()) cell += " never returned";
    if (cell.size() > widest) cell = cell.substr(0, widest - 3) + "...";
    std::vector<std::string> row(threads.size());
    row[static_cast<std::size_t>(std::ranges::find(threads, one.thread) - threads.begin())] = cell;
    rows.push_back(row);
    if (is_whole) ++i;
  }
  std::vector<std::size_t> widths(threads.size(), 0);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const auto& row : rows) add_line(text, row, widths);
  return text;
}

std::string said(const history& history, std::uint32_t number) {
  const call& one = history.calls[number];
  std::string words = history.threads[one.thread] + " " + history.words_for(one);
  return one.is_pending() ? words + ", which never returned" : words + " -> " + history.words_for(one.result);
}

}  // namespace

std::string columns_of(const history& history, const judgement& found) {
  const std::vector<std::uint32_t> calls = shown_calls(history, found);
  std::string text = calls.size() == history.calls.size()
                         ? "the calls, in order of time:\n"
                         : "the calls around the one that fits nowhere, in order of time:\n";
  text += columns(history, calls);
  const std::size_t left_out = found.order.size() > most_in_order ? found.order.size() - most_in_order : 0;
  text += "  the longest order that fits:" + std::string(found.order.empty() ? " none" : "") +
          (left_out == 0 ? "" : " " + std::to_string(left_out) + " calls, then");
  text += "\n";
  for (std::size_t i = left_out; i < found.order.size(); ++i) text += "    " + said(history, found.order[i]) + "\n";
  for (std::size_t i = 0; i < found.misfits.size(); ++i) {
    const misfit& one = found.misfits[i];
    text += (i == 0 ? "  then fits neither " : "  nor ") + said(history, one.call);
    if (!one.right_result.empty()) text += "; right would be " + one.right_result;
    text += "\n";
  }
  if (found.misfits.size() == 1)
    if (const std::size_t place = text.find("then fits neither"); place != std::string::npos)
      text.replace(place, 17, "then does not fit");
  text.pop_back();
  return text;
}

}  // namespace ravel::checks::detail
