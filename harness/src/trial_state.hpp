// SPDX-License-Identifier: MIT
// What stands behind ravel::trial: the threads declared for the next phase, and the pool that runs them. Lives for one
// batch, whose trials use it in turn, on the thread that runs the body.
#pragma once

#include "pool.hpp"
#include "run.hpp"

#include <ravel/trial.hpp>

#include <cstdint>
#include <vector>

namespace ravel {

class trial::state {
 public:
  state(detail::run& of, detail::job_runner& runner) noexcept : run(of), pool(runner) {}

  struct declaration {
    unsigned count;
    const char* role;
    worker_body body;
    site place;
  };

  void begin(std::uint64_t trial_number) noexcept;
  void declare(unsigned count, const char* role, worker_body body, site place);
  void run_phase(site place);
  [[nodiscard]] unsigned named_before(const declaration& one) const noexcept;
  // After the body: complains about threads that were declared but never run.
  void finish();
  // However the body ended: nothing of it is kept.
  void clear() noexcept { declarations.clear(); }

  detail::run& run;
  detail::job_runner& pool;
  std::uint64_t number = 0;
  std::uint64_t random[2] = {};
  unsigned phase = 0;
  std::vector<declaration> declarations;
  std::vector<detail::job> jobs;  // of the phase in flight; kept for its memory
};

}  // namespace ravel
