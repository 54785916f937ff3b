// SPDX-License-Identifier: MIT
// From the calls of a trial to what is told of them. On the thread that runs the body, apart from the trial.
// Cost: that of the search; of a trial that is right, about that of its calls.
#pragma once

#include "linearizable_area.hpp"

#include <ravel/site.hpp>

namespace ravel::checks::detail {

void judge_calls(linearizable_area& area, recorder& calls, const model_maker& maker,
                 const linearizable_options& options, const char* type, site place) noexcept;

}  // namespace ravel::checks::detail
