// SPDX-License-Identifier: MIT
// Outcomes as they stand in shared memory, as a report has them. Parent only, when no child runs. Cost: linear.
#pragma once

#include "record/outcome_table.hpp"

#include <ravel/report.hpp>

#include <vector>

namespace ravel::detail {

[[nodiscard]] std::vector<outcome_histogram> outcomes_of(const outcome_table& table);

}  // namespace ravel::detail
