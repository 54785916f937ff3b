// SPDX-License-Identifier: MIT
// OpenMP's parallel loop. gcc's runtime cannot be controlled, and explore lanes say so once, with what cures it; in
// stress lanes a loop that is right is undecided without trust in the runtime, and clean with it.
#include "expected.hpp"

#include <numeric>
#include <vector>

namespace {

void fill(ravel::trial& trial) {
  std::vector<int> squares(16);
  trial.threads(1, "caller", [&](ravel::worker& me) {
#pragma omp parallel for num_threads(3)
    for (int i = 0; i < 16; ++i) squares[i] = i * i;
    me.require_equal(std::accumulate(squares.begin(), squares.end(), 0), 1240, "all are there");
  });
  trial.run();
}

}  // namespace

int main() {
  using ravel::verdict;
  real::trials trials;
  const std::vector<std::string> runtimes = {"libgomp.so", "libomp.so"};
  if (ravel::read_environment().mode == "explore") {
    trials.expect("a loop, explored", real::faulty, fill, runtimes);
    trials.expect_text("UNCONTROLLED libgomp.so.1: waits on its own");
    trials.expect_text("cure: run on LLVM's OpenMP runtime");
    trials.expect_text("faulty: 1 finding in");
    return trials.exit_code();
  }
  trials.expect("a loop, without trust", {{verdict::undecided}, {}}, fill);
  trials.expect("a loop, with trust", real::clean, fill, runtimes);
  return trials.exit_code();
}
