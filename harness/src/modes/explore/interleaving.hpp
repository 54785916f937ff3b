// SPDX-License-Identifier: MIT
// From a traced execution to the steps that a reader wants to see: those that touch what several threads use, in the
// user's own lines, near the switches. Parent only. Cost: O(events), and a look at the symbol tables.
#pragma once

#include "source_places.hpp"
#include "trace.hpp"

#include <ravel/finding.hpp>

#include <vector>

namespace ravel::detail {

[[nodiscard]] std::vector<step> interleaving_of(const trace& trace, const source_places& places);

}  // namespace ravel::detail
