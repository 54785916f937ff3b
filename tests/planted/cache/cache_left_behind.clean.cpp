// SPDX-License-Identifier: MIT
// The battery on the reference cache.
#include "../planted.hpp"

#include "../../fixtures/cache_mutants.hpp"
#include <ravel/fixtures/keyed_cache.hpp>

RAVEL_PLANTED({.bug = "cache_left_behind",
               .half = planted::half::clean,
               .options = {.rounds = 2},
               .body = [](ravel::trial& trial) {
                 ravel::fixtures::reference_keyed_cache cache;
                 ravel::fixtures::stress_keyed_cache(trial, cache, {.threads = 4, .operations = 20});
               }});
