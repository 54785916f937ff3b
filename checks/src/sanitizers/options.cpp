// SPDX-License-Identifier: MIT
// The sanitizers' options and suppressions that Ravel ships. The runtimes read them before the user's TSAN_OPTIONS,
// ASAN_OPTIONS, UBSAN_OPTIONS and LSAN_OPTIONS, which win; a suppression file named there is used beside these.
// Called before anything else runs: only literals, no call, no static initialisation.
#include "hooks.hpp"

#define RAVEL_VISIBLE extern "C" __attribute__((visibility("default"), used))

// exitcode=1              the exit code of a run with findings, where the runtime has the last word
// detect_deadlocks=0      the lock_order check judges by guards, joins and vector clocks; TSan's has false alarms
// second_deadlock_stack=1 for those who switch it on again
// atexit_sleep_ms=0       a batch ends with its findings recorded: nothing to wait for
// report_thread_leaks=0   the harness reports threads that are left running
RAVEL_VISIBLE const char* __tsan_default_options() {
  return "exitcode=1:detect_deadlocks=0:second_deadlock_stack=1:atexit_sleep_ms=0:report_thread_leaks=0";
}

// Each hides one idiom that is correct and that TSan cannot see to be. Anchored, because TSan takes a pattern without
// ^ for a part of any function's name.
//   std::_Sp_atomic   libstdc++ 12: std::atomic<std::shared_ptr> keeps a lock bit in its reference count and unlocks
//                     with memory_order_relaxed in load(). Also hides races inside a destructor that such an
//                     operation runs: test those through another owner.
RAVEL_VISIBLE const char* __tsan_default_suppressions() { return "race:^std::_Sp_atomic<\n"; }

// halt_on_error=0         one round's error does not end the others; needs -fsanitize-recover=address
// leak_check_at_exit=0    the check asks after rounds, so that a leak is tied to them
// detect_stack_use_after_return=1  off by default in clang 14 and gcc 12
RAVEL_VISIBLE const char* __asan_default_options() {
  return "exitcode=1:halt_on_error=0:detect_leaks=1:leak_check_at_exit=0:detect_stack_use_after_return=1";
}

RAVEL_VISIBLE const char* __lsan_default_options() { return "leak_check_at_exit=0:exitcode=1"; }

RAVEL_VISIBLE const char* __ubsan_default_options() { return "halt_on_error=0:print_stacktrace=0"; }

namespace ravel::checks::sanitizers {

const char default_options = 1;

}  // namespace ravel::checks::sanitizers
