// SPDX-License-Identifier: MIT
// See seen_deadlocks.hpp.
#include "seen_deadlocks.hpp"

namespace ravel::checks {

std::set<std::vector<std::uint64_t>>& deadlocks_seen() {
  static std::set<std::vector<std::uint64_t>> seen;  // of the run in flight; cleared when one starts
  return seen;
}

}  // namespace ravel::checks
