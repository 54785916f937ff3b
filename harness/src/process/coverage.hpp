// SPDX-License-Identifier: MIT
// Coverage data of forked children: counted from the fork on, written when a batch ends, since children end
// by _exit. Knows gcov (gcc, clang --coverage) and LLVM profiles; nothing when neither is linked.
// With gcc, what ran before the run is counted again for each child, unless __gcov_reset is linked in
// (-Wl,-u,__gcov_reset): the counts of the rounds are right either way. Under gcov the data are merged into the
// same files; for LLVM each child writes <name>.<pid>.profraw.
#pragma once

namespace ravel::detail {

void start_coverage_of_child() noexcept;
void write_coverage_of_child() noexcept;

}  // namespace ravel::detail
