// SPDX-License-Identifier: MIT
// Calls that follow each other, as chains: a thread's, and where one thread's are all over before another's begin, both
// in one. Of all orders that a condition allows, each keeps the order of every chain.
// Pure. Cost: O(calls), O(threads squared) at worst.
#pragma once

#include <ravel/checks/check_history.hpp>

#include <cstdint>
#include <vector>

namespace ravel::checks::detail {

struct link {
  std::uint32_t call;
  std::uint64_t begin, end;  // whose end is before another's begin comes before it
};

// Throws std::invalid_argument when a thread's calls overlap.
[[nodiscard]] std::vector<std::vector<link>> chains_of(const history& history, const std::vector<std::uint32_t>& calls,
                                                       condition condition);

}  // namespace ravel::checks::detail
