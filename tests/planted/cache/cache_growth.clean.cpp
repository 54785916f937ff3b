// SPDX-License-Identifier: MIT
// The battery on a cache that keeps memory up to a bound.
#include "../planted.hpp"

#include "../../fixtures/cache_mutants.hpp"
#include <ravel/fixtures/keyed_cache.hpp>

RAVEL_PLANTED(
    {.bug = "cache_growth", .half = planted::half::clean, .options = {.rounds = 20}, .body = [](ravel::trial& trial) {
       cache_mutants::keeps_for_reuse cache;
       ravel::fixtures::stress_keyed_cache(trial, cache, {.threads = 4, .operations = 20});
     }});
