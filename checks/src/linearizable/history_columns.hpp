// SPDX-License-Identifier: MIT
// A history that is not right, in words: a column for each thread, the longest order that fits, and what does not.
// Pure. Cost: O(length of the text).
#pragma once

#include <ravel/checks/check_history.hpp>

#include <string>

namespace ravel::checks::detail {

[[nodiscard]] std::string columns_of(const history& history, const judgement& found);

}  // namespace ravel::checks::detail
