// SPDX-License-Identifier: MIT
// What stands behind ravel::trial in stress mode: the threads declared for the next phase, and the pool that
// runs them. Lives for one trial, on the thread that runs the body.
#pragma once

#include "pool.hpp"
#include "run.hpp"

#include <ravel/trial.hpp>

#include <cstdint>
#include <vector>

namespace ravel {

class trial::state {
 public:
  state(detail::run& run, detail::job_runner& pool, std::uint64_t number);

  struct declaration {
    unsigned count;
    const char* role;
    worker_body body;
    site place;
  };

  void declare(unsigned count, const char* role, worker_body body, site place);
  void run_phase(site place);
  // After the body: complains about threads that were declared but never run.
  void finish();

  detail::run& run;
  detail::job_runner& pool;
  const std::uint64_t number;
  std::uint64_t random[2];
  unsigned phase = 0;
  std::vector<declaration> declarations;
};

}  // namespace ravel
