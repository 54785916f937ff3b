// SPDX-License-Identifier: MIT
// Parts of a report's text. Parent only, single-threaded. Cost: O(length of the text).
#pragma once

#include <ravel/report.hpp>

#include <string>
#include <string_view>

namespace ravel::detail {

// The finding's interleaving as columns, one for each thread; empty when there is none.
[[nodiscard]] std::string interleaving_text(const finding& finding);

// The table of outcomes, with a headline.
[[nodiscard]] std::string outcome_table_text(const outcome_histogram& histogram);

// The word as one shell argument, quoted only if it needs it.
[[nodiscard]] std::string shell_word(std::string_view word);

}  // namespace ravel::detail
