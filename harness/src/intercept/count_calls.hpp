// SPDX-License-Identifier: MIT
// Counts calls into modules that ThreadSanitizer cannot see into: see count_calls.cpp.
#pragma once

namespace ravel::detail {

// From now on, in this process and those forked from it; again, when libraries may have been loaded. Not from hooks.
// Nothing where ThreadSanitizer is not in the process, and where no library was opened since the last call.
extern bool was_library_opened;
void count_calls_into_unseen_modules() noexcept;

}  // namespace ravel::detail
