// SPDX-License-Identifier: MIT
// What a sanitizer cannot see into. See uninstrumented.cpp.
#pragma once

#include <string>
#include <vector>

namespace ravel::detail {

// Shared libraries of this process that a sanitizer of the given variant ("thread", "address") cannot see
// into, well-known system libraries left out. Empty for plain.
[[nodiscard]] std::vector<std::string> uninstrumented_modules(const std::string& variant);

}  // namespace ravel::detail
