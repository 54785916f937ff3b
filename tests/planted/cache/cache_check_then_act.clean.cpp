// SPDX-License-Identifier: MIT
// The battery on the locked cache.
#include "../planted.hpp"

#include "../../fixtures/cache_mutants.hpp"
#include <ravel/fixtures/keyed_cache.hpp>

RAVEL_PLANTED({.bug = "cache_check_then_act",
               .half = planted::half::clean,
               .options = {.rounds = 30},
               .body = [](ravel::trial& trial) {
                 cache_mutants::locked cache;
                 ravel::fixtures::stress_keyed_cache(trial, cache, {.threads = 4, .operations = 20});
               }});
