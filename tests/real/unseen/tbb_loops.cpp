// SPDX-License-Identifier: MIT
// TBB's parallel_for, whose library is not instrumented. A loop that is right is undecided without trust in it, and
// clean with it; bodies that race are a certain race in explore lanes, trusted or not.
#include "expected.hpp"

#include <tbb/parallel_for.h>

#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

namespace {

// What the loops did is read after they have ended.
void fill(ravel::trial& trial) {
  std::vector<int> squares(16);
  trial.threads(1, "caller", [&](ravel::worker& me) {
    tbb::parallel_for(0, 16, [&](int i) { squares[i] = i * i; }, tbb::simple_partitioner());
    me.require_equal(std::accumulate(squares.begin(), squares.end(), 0), 1240, "all are there");
  });
  trial.run();
}

// Two threads of the pool are brought to the counter together; relaxed, so that nothing orders them.
void count(ravel::trial& trial) {
  int counter = 0;
  std::atomic<int> arrived{0};
  trial.threads(1, "caller", [&](ravel::worker&) {
    tbb::parallel_for(
        0, 2,
        [&](int) {
          arrived.fetch_add(1, std::memory_order_relaxed);
          for (int tries = 0; tries < 10'000 && arrived.load(std::memory_order_relaxed) < 2; ++tries)
            std::this_thread::yield();
          ++counter;
        },
        tbb::simple_partitioner());
  });
  trial.run();
}

}  // namespace

int main() {
  using ravel::verdict;
  real::trials trials;
  // Whether a second thread takes part in a loop is the machine's choice in stress mode.
  const real::expectation not_certain{{verdict::undecided, verdict::clean}, {verdict::undecided}};
  trials.expect("a loop, without trust", not_certain, fill);
  if (trials.is_explore()) trials.expect_text("to settle it: .trusted = {\"libtbb.so.12\"}");
  trials.expect("a loop, with trust", real::clean, fill, {"libtbb.so.12"});
  const real::expectation race{{verdict::faulty}, {verdict::faulty}};
  if (!trials.is_explore()) trials.expect("bodies that race, without trust", race, count);
  trials.expect("bodies that race, with trust", race, count, {"libtbb.so"});
  if (trials.is_explore()) trials.expect_text("brought both threads to their accesses at once");
  return trials.exit_code();
}
