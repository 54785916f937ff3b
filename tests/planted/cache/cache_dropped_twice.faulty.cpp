// SPDX-License-Identifier: MIT
// The battery on a cache whose release counts under one lock and erases under the next.
#include "../planted.hpp"

#include "../../fixtures/cache_mutants.hpp"
#include <ravel/fixtures/keyed_cache.hpp>

RAVEL_PLANTED({.bug = "cache_dropped_twice",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::requirement},
               .lanes = {"plain", "address"},
               .options = {.rounds = 100},
               .body = [](ravel::trial& trial) {
                 cache_mutants::dropped_twice cache;
                 ravel::fixtures::stress_keyed_cache(trial, cache, {.threads = 4, .operations = 20});
               }});
