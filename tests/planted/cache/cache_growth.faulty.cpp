// SPDX-License-Identifier: MIT
// The battery on a cache that keeps memory for reuse and never reuses it.
#include "../planted.hpp"

#include "../../fixtures/cache_mutants.hpp"
#include <ravel/fixtures/keyed_cache.hpp>

RAVEL_PLANTED({.bug = "cache_growth",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::growth},
               .lanes = {"plain", "thread", "address"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 cache_mutants::grows cache;
                 ravel::fixtures::stress_keyed_cache(trial, cache, {.threads = 4, .operations = 20});
               }});
