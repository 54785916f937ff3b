// SPDX-License-Identifier: MIT
// See batch_process.hpp.
#include "batch_process.hpp"

#include <atomic>

namespace ravel::detail {

namespace {

std::atomic<bool> is_batch_process{false};

}  // namespace

void enter_batch() noexcept { is_batch_process.store(true); }
void leave_batch() noexcept { is_batch_process.store(false); }
// relaxed: set before the process has any other thread, and not changed while one runs
bool is_in_batch() noexcept { return is_batch_process.load(std::memory_order_relaxed); }

}  // namespace ravel::detail
