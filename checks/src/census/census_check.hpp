// SPDX-License-Identifier: MIT
// The census as a check of the run: counts after rounds, as often as a tenth of the time allows, and once
// more when a batch ends. Thread safety: the harness calls it on one thread at a time.
#pragma once

#include <ravel/observer.hpp>

#include <memory>

namespace ravel::checks {

[[nodiscard]] std::unique_ptr<observer> make_census_check();

}  // namespace ravel::checks
