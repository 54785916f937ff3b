// SPDX-License-Identifier: MIT
// Options that a program brings itself. Those that Ravel relies on for a verdict (exitcode) must not blind it; the
// others hold: TSan says when it starts and is silent about hidden_race, LSan is off.
#define HOOK extern "C" __attribute__((visibility("default"), used)) const char*

HOOK __tsan_default_options() { return "exitcode=0:verbosity=1"; }
HOOK __tsan_default_suppressions() { return "race:^hidden_race\n"; }
HOOK __asan_default_options() { return "exitcode=0:detect_leaks=0"; }
HOOK __lsan_default_options() { return "exitcode=0"; }
HOOK __ubsan_default_options() { return "print_stacktrace=1"; }
