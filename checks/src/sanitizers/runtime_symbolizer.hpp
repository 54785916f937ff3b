// SPDX-License-Identifier: MIT
// The runtimes symbolise what they print, and match suppressions by it. Clang's ask the harness's symbols room; gcc's
// read debug information at the first report. Thread safety: while the process has one thread. Cost: 20-200 ms, only
// where a report is to be expected.
#pragma once

#include <cstdint>

namespace ravel::checks::sanitizers {

// In the parent, after a report: reads gcc's debug information of these places, which all later processes inherit.
// Nothing with clang.
void warm_symbolizer(std::uintptr_t place) noexcept;

}  // namespace ravel::checks::sanitizers
