// SPDX-License-Identifier: MIT
// The sanitizers' options and suppressions that Ravel ships, with those that the program brings in functions of its own
// (__tsan_default_options and so on) behind them. The runtimes read them before the user's TSAN_OPTIONS, ASAN_OPTIONS,
// UBSAN_OPTIONS and LSAN_OPTIONS. What comes later wins; a suppression file named there is used beside these.
// The program's functions are compiled under other names (checks/CMakeLists.txt): two of one name could not be linked,
// and a weak one here would lose to the weak one of clang's runtime, which the linker meets first.
// Called before anything else runs: no call but the program's own functions, no static initialisation.
#include "hooks.hpp"

#include <cstddef>

extern "C" {
[[gnu::weak]] const char* ravel_users_tsan_default_options();
[[gnu::weak]] const char* ravel_users_tsan_default_suppressions();
[[gnu::weak]] const char* ravel_users_asan_default_options();
[[gnu::weak]] const char* ravel_users_lsan_default_options();
[[gnu::weak]] const char* ravel_users_ubsan_default_options();
}

namespace ravel::checks::sanitizers {

const char default_options = 1;

namespace {

struct joined_text {
  char text[4096];
  std::size_t size;

  // The barrier keeps the compiler from making a call of the loop, which the runtime, not yet set up, would intercept.
  void add(const char* from) noexcept {
    for (; *from != '\0' && size + 1 < sizeof text; ++from) {
      text[size++] = *from;
      asm volatile("" ::: "memory");
    }
    text[size] = '\0';
  }
};

// shipped, then the program's own.
const char* join(joined_text& joined, const char* shipped, const char* separator, const char* (*own)()) noexcept {
  const char* const added = own != nullptr ? own() : nullptr;
  if (added == nullptr || *added == '\0') return shipped;
  joined.size = 0;
  joined.add(shipped);
  joined.add(separator);
  joined.add(added);
  return joined.size + 1 < sizeof joined.text ? joined.text : added;
}

joined_text tsan_options, tsan_suppressions, asan_options, lsan_options, ubsan_options;

}  // namespace

}  // namespace ravel::checks::sanitizers

using namespace ravel::checks::sanitizers;

#define RAVEL_VISIBLE extern "C" __attribute__((visibility("default"), used))

// exitcode=1              the exit code of a run with findings, where the runtime has the last word
// detect_deadlocks=0      the lock_order check judges by guards, joins and vector clocks; TSan's has false alarms
// second_deadlock_stack=1 for those who switch it on again
// atexit_sleep_ms=0       a batch ends with its findings recorded: nothing to wait for
// report_thread_leaks=0   the harness reports threads that are left running
RAVEL_VISIBLE const char* __tsan_default_options() {
  return join(tsan_options,
              "exitcode=1:detect_deadlocks=0:second_deadlock_stack=1:atexit_sleep_ms=0:report_thread_leaks=0", ":",
              ravel_users_tsan_default_options);
}

// Each hides one idiom that is correct and that TSan cannot see to be. Anchored, because TSan takes a pattern without
// ^ for a part of any function's name.
//   std::_Sp_atomic   libstdc++ 12: std::atomic<std::shared_ptr> keeps a lock bit in its reference count and unlocks
//                     with memory_order_relaxed in load(). Also hides races inside a destructor that such an
//                     operation runs: test those through another owner.
//   fuzz_session      a finding ends the process by SIGABRT, and libFuzzer saves the input in its handler
RAVEL_VISIBLE const char* __tsan_default_suppressions() {
  return join(tsan_suppressions, "race:^std::_Sp_atomic<\nsignal:^ravel::detail::fuzz_session::", "\n",
              ravel_users_tsan_default_suppressions);
}

// halt_on_error=0         one round's error does not end the others; needs -fsanitize-recover=address
// leak_check_at_exit=0    the check asks after rounds, so that a leak is tied to them
// detect_stack_use_after_return=1  off by default in clang 14 and gcc 12
RAVEL_VISIBLE const char* __asan_default_options() {
  return join(asan_options,
              "exitcode=1:halt_on_error=0:detect_leaks=1:leak_check_at_exit=0:detect_stack_use_after_return=1", ":",
              ravel_users_asan_default_options);
}

RAVEL_VISIBLE const char* __lsan_default_options() {
  return join(lsan_options, "leak_check_at_exit=0:exitcode=1", ":", ravel_users_lsan_default_options);
}

RAVEL_VISIBLE const char* __ubsan_default_options() {
  return join(ubsan_options, "halt_on_error=0:print_stacktrace=0", ":", ravel_users_ubsan_default_options);
}
