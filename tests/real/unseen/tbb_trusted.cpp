// SPDX-License-Identifier: MIT
// TBB's parallel_for, with TRUST TBB::tbb in CMakeLists.txt: a loop that is right is clean.
#include <ravel/catch2.hpp>

#include <tbb/parallel_for.h>

#include <numeric>
#include <vector>

RAVEL_TEST_CASE("tbb: what a loop did is there when it has ended", "[real]") {
  std::vector<int> squares(16);
  trial.threads(1, "caller", [&](ravel::worker& me) {
    tbb::parallel_for(0, 16, [&](int i) { squares[i] = i * i; }, tbb::simple_partitioner());
    me.require_equal(std::accumulate(squares.begin(), squares.end(), 0), 1240, "all are there");
  });
  trial.run();
}
