// SPDX-License-Identifier: MIT
// Valgrind as a check of the run: counts its errors around each round and reads what it says of them.
// Thread safety: as an observer. Outside Valgrind it does nothing.
#pragma once

#include <ravel/observer.hpp>

#include <memory>

namespace ravel::checks {

[[nodiscard]] std::unique_ptr<observer> make_valgrind_check();

}  // namespace ravel::checks
