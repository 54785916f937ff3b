// SPDX-License-Identifier: MIT
// The battery on a cache that keeps an entry past its release.
#include "../planted.hpp"

#include "../../fixtures/cache_mutants.hpp"
#include <ravel/fixtures/keyed_cache.hpp>

RAVEL_PLANTED({.bug = "cache_left_behind",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::requirement},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 2},
               .body = [](ravel::trial& trial) {
                 cache_mutants::left_behind cache;
                 ravel::fixtures::stress_keyed_cache(trial, cache, {.threads = 4, .operations = 20});
               }});
