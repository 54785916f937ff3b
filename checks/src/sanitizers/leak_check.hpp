// SPDX-License-Identifier: MIT
// Asks LeakSanitizer between rounds what has leaked, as often as a tenth of the time allows, and once more when a
// batch ends. Only then: while threads run, a pointer may be in flight and a false leak be told.
// Thread safety: on the thread that runs the body, with all workers parked. Cost: 5-50 ms a check.
#pragma once

#include "leak_text.hpp"
#include "raw_text.hpp"
#include "session.hpp"

#include <ravel/observer.hpp>

#include <cstdint>
#include <string>

namespace ravel::checks::sanitizers {

class leak_check {
 public:
  // In the parent, once a process: does LSan find a deliberate leak here? It fails under ptrace, in some containers
  // and where the user switched it off. Empty when it works; else why leaks are not checked.
  [[nodiscard]] static const std::string& why_not(raw_text& text);

  // In the parent, when all it had was destroyed: was memory lost outside the rounds? LSan itself tells of it on
  // stderr.
  [[nodiscard]] static bool has_leaks_at_exit();

  void batch_started();
  void trial_ended(run_view& run, raw_text& text, shared_session& session);
  void batch_finishing(run_view& run, raw_text& text, shared_session& session);

 private:
  void check(run_view& run, raw_text& text, shared_session& session, std::uint64_t last_trial);

  known_leaks known_;
  std::uint64_t first_unchecked_ = 0;  // trial
  std::uint64_t last_seen_ = 0;        // trial
  double checked_at_ = 0;              // seconds, steady clock: when the last check ended
  double cost_ = 0;                    // seconds
};

}  // namespace ravel::checks::sanitizers
