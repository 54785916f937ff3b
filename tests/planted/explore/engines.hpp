// SPDX-License-Identifier: MIT
// The same executions on both engines: they must pass the same points in the same order and find the same.
#pragma once

#include "pair.hpp"

#include <cstdint>
#include <string>

namespace explored {

// What differs, in words; empty: nothing. Runs the first `executions` of the seed on each engine, by the default
// strategy (eight by turns are all that it is made of) or RAVEL_STRATEGY; in batches on the one, in a fork each on the
// other.
[[nodiscard]] std::string difference_of_engines(const entry& entry, std::uint64_t seed, std::uint64_t executions);

}  // namespace explored
