// SPDX-License-Identifier: MIT
// The part in a run of tests from a table of operations: a finding shows the program that it needs.
// Thread safety: an observer's. Cost: nothing where no such test runs.
#pragma once

#include <ravel/observer.hpp>

#include <memory>

namespace ravel::checks {

[[nodiscard]] std::unique_ptr<observer> make_operations_check();

}  // namespace ravel::checks
