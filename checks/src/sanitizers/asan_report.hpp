// SPDX-License-Identifier: MIT
// AddressSanitizer's reports as findings. ASan calls back after printing, on the thread that made the access, under
// its report lock, with the whole text: stacks, the freeing and the allocation, and the variable are only in there.
// Nothing here allocates or locks. Cost: O(text), some microseconds.
#pragma once

#include <ravel/finding.hpp>

namespace ravel::checks::sanitizers {

// Asks ASan to call back. Nothing without ASan.
void listen_to_asan() noexcept;

// For tests: fills in a finding from a text as ASan prints it.
void describe_asan_report(raw_finding& finding, const char* text, const char* description) noexcept;

}  // namespace ravel::checks::sanitizers
