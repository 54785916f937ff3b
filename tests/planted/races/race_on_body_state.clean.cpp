// SPDX-License-Identifier: MIT
// Each thread counts for itself; the body adds up after they have ended.
#include "../planted.hpp"

#include <array>

RAVEL_PLANTED({.bug = "race_on_body_state",
               .half = planted::half::clean,
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 std::array<int, 2> sums{};
                 trial.threads(2, "adder", [&](ravel::worker& me) { me.repeat(50, [&] { ++sums[me.index()]; }); });
                 trial.run();
                 trial.require_equal(sums[0] + sums[1], 100, "nothing is lost");
               }});
