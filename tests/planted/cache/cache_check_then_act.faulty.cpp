// SPDX-License-Identifier: MIT
// The battery on a cache with a gap between has and pop.
#include "../planted.hpp"

#include "../../fixtures/cache_mutants.hpp"
#include <ravel/fixtures/keyed_cache.hpp>

RAVEL_PLANTED({.bug = "cache_check_then_act",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::exception},
               .lanes = {"plain", "address"},
               .options = {.rounds = 100},
               .body = [](ravel::trial& trial) {
                 cache_mutants::check_then_act cache;
                 ravel::fixtures::stress_keyed_cache(trial, cache, {.threads = 4, .operations = 20});
               }});
