// SPDX-License-Identifier: MIT
// See shared_run.hpp.
#include "shared_run.hpp"

namespace ravel::detail {

namespace {

shared_run* in_flight = nullptr;
shared_run* forked_from = nullptr;

}  // namespace

shared_run* current_shared_run() noexcept { return in_flight; }
void set_current_shared_run(shared_run* run) noexcept { in_flight = run; }
shared_run* run_that_forked() noexcept { return forked_from; }
void leave_shared_run() noexcept {
  if (in_flight != nullptr) forked_from = in_flight;
  in_flight = nullptr;
}

}  // namespace ravel::detail
