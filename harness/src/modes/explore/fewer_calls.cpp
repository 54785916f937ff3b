// SPDX-License-Identifier: MIT
// See fewer_calls.hpp.
#include "fewer_calls.hpp"

#include "anchors.hpp"

#include <algorithm>
#include <utility>

namespace ravel::detail {

namespace {

// The thread's latest event that is not its end.
std::uint64_t last_event_of(const trace& trace, std::uint64_t path) {
  std::uint64_t last = 0;
  const std::uint32_t thread = index_of(trace, path);
  for (std::uint32_t i = 0; i < trace.event_count; ++i)
    if (trace.events[i].thread == thread && trace.events[i].what != operation::exit) last = trace.events[i].event;
  return last;
}

}  // namespace

std::vector<made_call> calls_of(const trace& trace) {
  std::vector<made_call> all;
  for (std::uint32_t i = 0; i < trace.call_count; ++i) {
    const traced_call& one = trace.calls[i];
    for (auto before = all.rbegin(); before != all.rend(); ++before) {
      if (before->which.thread != one.thread) continue;
      before->last = one.event;
      break;
    }
    all.push_back(
        {{one.thread, one.nth}, path_text(trace, index_of(trace, one.thread)), one.event, one.event, one.is_free});
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool is_threads_last = true;
    for (std::size_t later = i + 1; later < all.size(); ++later)
      is_threads_last = is_threads_last && all[later].which.thread != all[i].which.thread;
    if (is_threads_last) all[i].last = std::max(all[i].after, last_event_of(trace, all[i].which.thread));
  }
  return all;
}

std::vector<left_out_range> ranges_of(const std::vector<made_call>& calls) {
  std::vector<std::pair<std::string, std::uint32_t>> numbers;
  for (const made_call& one : calls) numbers.emplace_back(one.thread, one.which.nth);
  std::ranges::sort(numbers);
  std::vector<left_out_range> ranges;
  for (const auto& [thread, nth] : numbers)
    if (!ranges.empty() && ranges.back().thread == thread && ranges.back().to + 1 == nth)
      ranges.back().to = nth;
    else
      ranges.push_back({thread, nth, nth});
  return ranges;
}

std::vector<scripted_switch> script_without(const std::vector<scripted_switch>& script,
                                            const std::vector<made_call>& left_out) {
  std::vector<scripted_switch> result;
  for (scripted_switch one : script) {
    std::uint64_t fewer = 0;
    for (const made_call& call : left_out) {
      if (call.which.thread != one.thread || one.event <= call.after) continue;
      fewer += std::min(one.event - 1, call.last) - call.after;
    }
    one.event -= fewer;
    result.push_back(one);
  }
  sort_for_following(result);
  return result;
}

}  // namespace ravel::detail
