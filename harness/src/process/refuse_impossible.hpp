// SPDX-License-Identifier: MIT
// What no run of any mode can do. Throws usage_error, which says what to write.
#pragma once

#include <string>

namespace ravel::detail {

struct run_options;

// The names of the options for the number and the limit of trials: "rounds", "round_limit".
void refuse_impossible(const run_options& options, const std::string& trials, const std::string& limit);

}  // namespace ravel::detail
