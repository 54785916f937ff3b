// SPDX-License-Identifier: MIT
// The state of the part of execution.hpp that tries claims about progress (claims.cpp). Used by the thread in control.
#pragma once

#include "event.hpp"

#include <ravel/progress_claim.hpp>

#include <cstdint>

namespace ravel::detail {

struct controlled_thread;

struct claim_trial {
  static constexpr std::uint32_t steps_kept = 64;

  progress_judge* judge = nullptr;
  std::uint32_t armed = 0;  // calls in flight whose drawn point is still to come

  const progress_claim* claim = nullptr;  // that is being tried; null: none is
  controlled_thread* judged = nullptr;    // whose call it is
  std::uint32_t running = 0;              // threads that were not stopped
  std::uint32_t points_a_turn = 1, turn = 0;
  std::uint32_t inside = 0;            // others' turns end at this point of an operation; 0: when their length is over
  std::uint64_t completed_before = 0;  // operations of whose turn it is, when that began
  std::uint64_t points = 0;            // in operations, of all that run
  std::uint64_t all = 0;               // points of all that run
  std::uint64_t completed = 0;         // operations of others
  bool met_others = false;
  event steps[steps_kept] = {};  // the latest of the judged one, a ring
  std::uint64_t step_count = 0;
  progress_party parties[progress_try::most_parties] = {};  // here, because stacks may be small

  void forget() noexcept {
    judge = nullptr;
    claim = nullptr;
    armed = 0;
  }
};

}  // namespace ravel::detail
