// SPDX-License-Identifier: MIT
// See shared_run.hpp.
#include "shared_run.hpp"

namespace ravel::detail {

namespace {

shared_run* in_flight = nullptr;

}  // namespace

shared_run* current_shared_run() noexcept { return in_flight; }
void set_current_shared_run(shared_run* run) noexcept { in_flight = run; }

}  // namespace ravel::detail
