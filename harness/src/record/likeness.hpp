// SPDX-License-Identifier: MIT
// What a finding says, as a number: who did what, where. Equal in all processes of one image of the program, whatever
// the addresses of objects are. Cost: O(length of its texts and stacks).
#pragma once

#include <ravel/finding.hpp>

namespace ravel::detail {

[[nodiscard]] std::uint64_t likeness_of(const raw_finding& finding) noexcept;

}  // namespace ravel::detail
