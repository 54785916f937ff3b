// SPDX-License-Identifier: MIT
// The linearizable check's part in a run: memory for what is recorded, and what its findings tell.
// Thread safety: an observer's. Cost: nothing where no history is recorded.
#pragma once

#include <ravel/observer.hpp>

#include <memory>

namespace ravel::checks {

[[nodiscard]] std::unique_ptr<observer> make_linearizable_check();

}  // namespace ravel::checks
