// SPDX-License-Identifier: MIT
// What a target named or printed, fit for a terminal and for JSON: control bytes, and bytes that are no UTF-8, as \n,
// \t, \r or \x1b. Thread safety: any thread. Cost: linear.
#pragma once

#include <string>
#include <string_view>

namespace ravel::detail {

[[nodiscard]] std::string printable(std::string_view text);

}  // namespace ravel::detail
