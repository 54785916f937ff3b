// SPDX-License-Identifier: MIT
// What each subject of the demo brings, and main.cpp runs: one body. Beside it,
// how much of the real sizes a lane can carry within the demo's three minutes: the plain lane all of it, the
// sanitizers a tenth of the elements, Valgrind's tools a thousandth. Threads and keys are the same everywhere.
#pragma once

#include <ravel/trial.hpp>

#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace demo {

void body(ravel::trial& trial);

inline bool is_set(const char* variable, std::string_view value = {}) {
  const char* found = std::getenv(variable);
  return found != nullptr && *found != '\0' && (value.empty() || value == found);
}

inline std::size_t divisor() {
  if (is_set("RAVEL_TOOL")) return 1000;
  if (is_set("RAVEL_VARIANT", "thread") || is_set("RAVEL_VARIANT", "address")) return 10;
  return 1;
}

inline std::size_t large_store() { return 1'000'000 / divisor(); }
inline std::size_t small_store() { return 100'000 / divisor(); }

}  // namespace demo
