// SPDX-License-Identifier: MIT
// The workers of a phase, and who runs them: each mode has a runner of its own.
#pragma once

#include <ravel/thread_record.hpp>
#include <ravel/trial.hpp>

#include <cstdint>
#include <vector>

namespace ravel::detail {

struct job {
  const trial::worker_body* body;
  const char* role;
  unsigned index;
  std::uint64_t seed;
  thread_record* record;
};

// What runs the workers of a phase; blocks until each has returned.
class job_runner {
 public:
  virtual ~job_runner() = default;
  // Throws usage_error when the system gives no more threads.
  virtual void run(const std::vector<job>& jobs) = 0;
};

}  // namespace ravel::detail
