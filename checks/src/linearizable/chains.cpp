// SPDX-License-Identifier: MIT
// See chains.hpp.
#include "chains.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ravel::checks::detail {

namespace {

using chain = std::vector<link>;

std::uint64_t later(std::uint64_t time, std::uint64_t margin) noexcept {
  return time >= call::never - margin ? call::never : time + margin;
}

std::vector<chain> by_thread(const history& history, const std::vector<std::uint32_t>& calls) {
  std::vector<chain> chains(history.threads.size());
  for (const std::uint32_t number : calls) {
    const call& one = history.calls[number];
    chain& own = chains.at(one.thread);
    const bool is_before = !own.empty() && (history.calls[own.back().call].is_pending() ||
                                            history.calls[own.back().call].returned > one.invoked);
    if (is_before || (!one.is_pending() && one.returned < one.invoked))
      throw std::invalid_argument(
          "call " + std::to_string(number) + " of the history, " + history.words_for(one) + " by " +
          history.threads[one.thread] +
          (is_before ? ", begins before the same thread's call before it has returned" : ", returns before it begins"));
    own.push_back({number, one.invoked, later(one.returned, history.margin)});
  }
  std::erase_if(chains, [](const chain& one) { return one.empty(); });
  return chains;
}

// A thread that begins when another one has ended goes on where that one did.
std::vector<chain> joined(std::vector<chain> chains) {
  std::ranges::stable_sort(chains, {}, [](const chain& one) { return one.front().begin; });
  std::vector<chain> result;
  for (chain& one : chains) {
    const auto ended =
        std::ranges::find_if(result, [&](const chain& before) { return before.back().end < one.front().begin; });
    if (ended == result.end())
      result.push_back(std::move(one));
    else
      ended->insert(ended->end(), one.begin(), one.end());
  }
  return result;
}

// Each call lasts from the last moment of quiet before it to the next one after it; so a chain has one of each block.
std::vector<chain> between_quiet(std::vector<chain> chains) {
  chain all;
  for (const chain& one : chains) all.insert(all.end(), one.begin(), one.end());
  std::ranges::stable_sort(all, {}, &link::begin);
  std::vector<chain> result;
  for (std::size_t first = 0; first < all.size();) {
    std::uint64_t end = all[first].end;
    std::size_t last = first + 1;
    for (; last < all.size() && all[last].begin <= end; ++last) end = std::max(end, all[last].end);
    if (result.size() < last - first) result.resize(last - first);
    for (std::size_t i = first; i < last; ++i) result[i - first].push_back({all[i].call, all[first].begin, end});
    first = last;
  }
  return result;
}

}  // namespace

std::vector<std::vector<link>> chains_of(const history& history, const std::vector<std::uint32_t>& calls,
                                         condition condition) {
  std::vector<chain> chains = by_thread(history, calls);
  switch (condition) {
    case condition::linearizable: return joined(std::move(chains));
    case condition::quiescent: return between_quiet(std::move(chains));
    case condition::sequential: break;
  }
  for (chain& one : chains)
    for (link& link : one) link.begin = 0;
  return chains;
}

}  // namespace ravel::checks::detail
