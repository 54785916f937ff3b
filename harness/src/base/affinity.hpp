// SPDX-License-Identifier: MIT
// One processor for a process that runs a single execution: only one of its threads runs at a time, and a hand-over
// between two kernel threads takes a tenth of the time where no other processor has to be woken for it. The target is
// told what it was before (intercept/affinity.cpp); what asks the kernel itself sees the one processor. Not for
// processes that live long: two of them could share a processor while another idles. Thread safety: pin and unpin by
// the thread in control.
#pragma once

#include <cstddef>

namespace ravel::detail {

void pin_to_one_processor() noexcept;
// All threads of the process may run where they could before.
void unpin() noexcept;
[[nodiscard]] bool is_pinned() noexcept;
// What was allowed before: fills the set.
void tell_allowed_processors(void* set, std::size_t bytes) noexcept;

}  // namespace ravel::detail
