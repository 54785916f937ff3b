// SPDX-License-Identifier: MIT
// Check "progress": claims about operations that a body makes, see ravel/checks/progress.hpp.
#pragma once

#include <ravel/observer.hpp>

#include <memory>

namespace ravel::checks {

[[nodiscard]] std::unique_ptr<observer> make_progress_check();

}  // namespace ravel::checks
