// SPDX-License-Identifier: MIT
// What stands behind ravel::trial: the threads declared for the next phase, and the pool that runs them. Lives for one
// batch, whose trials use it in turn, on the thread that runs the body.
#pragma once

#include "invariant_judge.hpp"
#include "job_runner.hpp"
#include "record/shared_run.hpp"

#include <ravel/trial.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ravel {

namespace detail {

// Hears where the phases of a trial begin and end, on the thread that runs the body.
class phase_listener {
 public:
  virtual void phase_starting() = 0;  // the workers have their records, and do not run yet
  virtual void phase_ended() = 0;     // they have been joined

 protected:
  ~phase_listener() = default;
};

// What a trial needs of its run.
struct trial_host {
  std::uint64_t seed;
  shared_run& shared;
  phase_listener& phases;
};

// The names of a trial's roles, each once; they stay where they are until the next trial begins. Their memory is used
// again, so that a trial that declares what the one before did allocates nothing. No std::string: of its functions the
// linker may have taken the target's instrumented copies.
class role_names {
 public:
  role_names() = default;
  role_names(const role_names&) = delete;
  role_names& operator=(const role_names&) = delete;
  ~role_names();

  void begin_trial() noexcept { kept_ = 0; }
  // Equal names in one trial: the same pointer.
  const char* keep(std::string_view role);

 private:
  struct name {
    char* text;
    std::size_t size, room;
  };
  std::vector<name> names_;  // the first kept_ are this trial's
  std::size_t kept_ = 0;
};

}  // namespace detail

class trial::state {
 public:
  state(const detail::trial_host& of, detail::job_runner& runner) noexcept : host(of), pool(runner) {}

  struct declaration {
    unsigned count;
    const char* role;  // one of roles
    worker_body body;
    site place;
  };

  void begin(std::uint64_t trial_number) noexcept;
  void declare(unsigned count, std::string_view role, worker_body body, site place);
  void run_phase(site place);
  [[nodiscard]] unsigned named_before(const declaration& one) const noexcept;
  // After the body: complains about threads that were declared but never run.
  void finish();
  // However the body ended: nothing of it is kept.
  void clear() noexcept {
    declarations.clear();
    invariants.forget();
  }

  detail::trial_host host;
  detail::job_runner& pool;
  std::uint64_t number = 0;
  std::uint64_t seed = 0, seed_number = 0;  // of its random numbers
  std::uint64_t random[2] = {};
  unsigned phase = 0;
  std::vector<declaration> declarations;
  detail::role_names roles;
  detail::invariant_judge invariants;
  std::vector<detail::job> jobs;  // of the phase in flight; kept for its memory
};

}  // namespace ravel
