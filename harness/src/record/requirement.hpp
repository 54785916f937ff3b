// SPDX-License-Identifier: MIT
// A requirement that did not hold becomes a finding, from any thread, without a lock.
#pragma once

#include <ravel/shown.hpp>
#include <ravel/site.hpp>

namespace ravel::detail {

// left and right may be null.
void record_failed_requirement(const char* what, const shown* left, const shown* right, site place) noexcept;

}  // namespace ravel::detail
