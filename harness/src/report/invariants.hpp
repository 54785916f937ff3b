// SPDX-License-Identifier: MIT
// At how many points the invariants were judged, as a report tells it. Parent only, when no child runs.
#pragma once

#include "record/invariant_table.hpp"

#include <ravel/report.hpp>

#include <string>

namespace ravel::detail {

// A note about each.
void add_invariants(report& report, const invariant_table& table);
// What is to be said of the first one that was judged nowhere; empty: each was.
[[nodiscard]] std::string unjudged_invariant(const invariant_table& table);

}  // namespace ravel::detail
