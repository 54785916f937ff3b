// SPDX-License-Identifier: MIT
// Says for its scope that the calling thread is in the middle of an operation on what the test is about: in explore,
// the invariants of the body (trial.invariant) are not judged then, unless at every point. What is called through
// ravel::checks::linearizable says so by itself. In every mode a hang is told by the operations that did not return.
// Nests. Thread safety: any thread, each for itself. Cost: some 15 ns.
#pragma once

#include <cstdint>

namespace ravel {

struct thread_record;

class operation_in_flight {
 public:
  // name: in reports, and what claims about progress name it by (ravel/checks/progress.hpp). It must live as long as
  // the trial does, as a literal does.
  explicit operation_in_flight(const char* name = "") noexcept;
  ~operation_in_flight();
  operation_in_flight(const operation_in_flight&) = delete;
  operation_in_flight& operator=(const operation_in_flight&) = delete;

 private:
  std::uint64_t execution_;  // 0: it is not counted
  thread_record* record_;    // of whom this is the outermost one; else null
};

}  // namespace ravel
