// SPDX-License-Identifier: MIT
// Explores until something is found, and says in which execution that was. No report is made, nothing is replayed.
#pragma once

#include <ravel/explore.hpp>

#include <cstdint>

namespace explored {

// 0: nothing was found within options.executions.
[[nodiscard]] std::uint64_t first_finding(const ravel::explore_options& options, const ravel::body& body);

}  // namespace explored
