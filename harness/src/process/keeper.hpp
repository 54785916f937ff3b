// SPDX-License-Identifier: MIT
// Sees to it that nothing is left when the process that runs tests is killed: a keeper, a process in a session of its
// own that has nothing open, waits for its end, and then ends what it had forked for trials and what the targets made,
// wherever that went. Where there is none (under Valgrind, where each process is large and slow), what is forked for
// trials dies with its parent by the kernel's word (Linux, prctl(2), PR_SET_PDEATHSIG).
// Not covered: both killed together.
#pragma once

#include <sys/types.h>

namespace ravel::detail {

// In the process that runs tests, once for each.
void start_keeper();
// In a process that `parent` has forked, first of all: it ends with that one.
void die_with(pid_t parent) noexcept;

}  // namespace ravel::detail
