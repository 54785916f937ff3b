// SPDX-License-Identifier: MIT
// The sanitizers as a check of the run: their reports become findings of the round they came in.
// Thread safety: as an observer. Without a sanitizer's runtime it does nothing.
#pragma once

#include <ravel/observer.hpp>

#include <memory>

namespace ravel::checks {

[[nodiscard]] std::unique_ptr<observer> make_sanitizer_check();

}  // namespace ravel::checks
