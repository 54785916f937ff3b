// SPDX-License-Identifier: MIT
// See run_listener.hpp.
#include "run_listener.hpp"

namespace ravel::detail {

run_listener* listening_run = nullptr;

namespace {

run_view* run_in_flight = nullptr;

}  // namespace

void set_current_run(run_view* run) noexcept { run_in_flight = run; }

}  // namespace ravel::detail

namespace ravel {

run_view* current_run() noexcept { return detail::run_in_flight; }

}  // namespace ravel
