// SPDX-License-Identifier: MIT
// The word that a finding's report starts with, and those for outcomes.
// Stable: suppressions, canaries and people's scripts match it.
#include <ravel/finding.hpp>
#include <ravel/outcome.hpp>

namespace ravel {

const char* word_for(finding_kind kind) noexcept {
  switch (kind) {
    case finding_kind::race: return "RACE";
    case finding_kind::memory_error: return "MEMORY ERROR";
    case finding_kind::undefined_behaviour: return "UNDEFINED BEHAVIOUR";
    case finding_kind::leak: return "LEAK";
    case finding_kind::requirement: return "REQUIREMENT FAILED";
    case finding_kind::exception: return "EXCEPTION";
    case finding_kind::crash: return "CRASH";
    case finding_kind::exited: return "EXITED";
    case finding_kind::process_left: return "CHILD PROCESS LEFT";
    case finding_kind::thread_unclaimed: return "THREAD LEFT";
    case finding_kind::thread_left: return "THREAD LEFT RUNNING";
    case finding_kind::hang: return "HANG";
    case finding_kind::deadlock: return "DEADLOCK";
    case finding_kind::self_deadlock: return "SELF-DEADLOCK";
    case finding_kind::lock_order: return "LOCK ORDER";
    case finding_kind::lock_misuse: return "LOCK MISUSE";
    case finding_kind::unreleased: return "UNRELEASED";
    case finding_kind::double_release: return "DOUBLE RELEASE";
    case finding_kind::foreign_release: return "FOREIGN RELEASE";
    case finding_kind::use_after_release: return "USE AFTER RELEASE";
    case finding_kind::growth: return "GROWTH";
    case finding_kind::memory_exhausted: return "MEMORY EXHAUSTED";
    case finding_kind::tool_error: return "TOOL ERROR";
    case finding_kind::uncontrolled: return "UNCONTROLLED";
    case finding_kind::nondeterminism: return "NONDETERMINISM";
    case finding_kind::livelock: return "LIVELOCK";
    case finding_kind::lost_wakeup: return "LOST WAKE-UP";
    case finding_kind::starvation: return "STARVATION";
    case finding_kind::no_progress: return "NO PROGRESS";
    case finding_kind::not_linearizable: return "NOT LINEARIZABLE";
    case finding_kind::misuse: return "MISUSE";
    case finding_kind::invariant: return "INVARIANT";
    case finding_kind::outcome: return "OUTCOME";
    case finding_kind::given_up: return "GIVEN UP";
  }
  return "FINDING";
}

const char* word_for(outcome_kind kind) noexcept {
  switch (kind) {
    case outcome_kind::expected: return "expected";
    case outcome_kind::interesting: return "interesting";
    case outcome_kind::forbidden: return "forbidden";
    case outcome_kind::unlisted: break;
  }
  return "in no list";
}

}  // namespace ravel
