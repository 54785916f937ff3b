// SPDX-License-Identifier: MIT
// Whether this process is the one that runs trials: a process that the target forks is not part of the run.
// Thread safety: any thread asks; the thread that runs the body sets it. Cost: one relaxed load.
#pragma once

namespace ravel::detail {

// True between the fork that made the batch and its end, in that process only: false in the parent and in
// processes that the target forks. One relaxed load.
[[nodiscard]] bool is_in_batch() noexcept;
void enter_batch() noexcept;
void leave_batch() noexcept;

}  // namespace ravel::detail
