// SPDX-License-Identifier: MIT
// What the process that runs trials does: one trial after another on persistent threads, until the budget or
// the batch ends. Runs in a forked child, or in this process without isolation.
#pragma once

#include "run.hpp"

#include <ravel/trial.hpp>

#include <cstdint>
#include <memory>

namespace ravel::detail {

void run_batch(run& run, const body& body, const batch_plan& plan);

// The same trial by trial, in this process, for who is told each by somebody else, whose affair its death is, too.
class open_batch {
 public:
  open_batch(run& run, const body& body, const batch_plan& plan);
  ~open_batch();
  open_batch(const open_batch&) = delete;
  open_batch& operator=(const open_batch&) = delete;
  // Throws usage_error when the body did.
  void run_one(std::uint64_t trial);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// A program's exit handlers have run: closes its trial and its batch. Its other threads go no further.
void finish_program_batch(run& run);

}  // namespace ravel::detail
