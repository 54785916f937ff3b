// SPDX-License-Identifier: MIT
// The points runtime, what code written for TSan calls itself (sanitizer/tsan_interface.h, dynamic annotations):
// nothing to do, because no race is looked for. Weak: a program that brings its own keeps it. Intentionally absent:
// __tsan_java_*, __tsan_testonly_*, __tsan_get_report_* and the other hooks of TSan's reports.
#define RAVEL_IGNORED(name, parameters) \
  [[gnu::weak, gnu::visibility("default")]] void name parameters {}
#define RAVEL_NOTHING(name, parameters) \
  [[gnu::weak, gnu::visibility("default")]] void* name parameters { return nullptr; }

extern "C" {
RAVEL_IGNORED(__tsan_acquire, (void*))
RAVEL_IGNORED(__tsan_release, (void*))
RAVEL_IGNORED(__tsan_mutex_create, (void*, unsigned))
RAVEL_IGNORED(__tsan_mutex_destroy, (void*, unsigned))
RAVEL_IGNORED(__tsan_mutex_pre_lock, (void*, unsigned))
RAVEL_IGNORED(__tsan_mutex_post_lock, (void*, unsigned, int))
RAVEL_IGNORED(__tsan_mutex_post_unlock, (void*, unsigned))
RAVEL_IGNORED(__tsan_mutex_pre_signal, (void*, unsigned))
RAVEL_IGNORED(__tsan_mutex_post_signal, (void*, unsigned))
RAVEL_IGNORED(__tsan_mutex_pre_divert, (void*, unsigned))
RAVEL_IGNORED(__tsan_mutex_post_divert, (void*, unsigned))
RAVEL_IGNORED(__tsan_check_no_mutexes_held, ())
RAVEL_IGNORED(__tsan_destroy_fiber, (void*))
RAVEL_IGNORED(__tsan_switch_to_fiber, (void*, unsigned))
RAVEL_IGNORED(__tsan_set_fiber_name, (void*, const char*))
RAVEL_IGNORED(__tsan_external_register_header, (void*, const char*))
RAVEL_IGNORED(__tsan_external_assign_tag, (void*, void*))
RAVEL_IGNORED(__tsan_external_read, (void*, void*, void*))
RAVEL_IGNORED(__tsan_external_write, (void*, void*, void*))
RAVEL_IGNORED(__tsan_flush_memory, ())
RAVEL_IGNORED(__tsan_on_thread_idle, ())
RAVEL_NOTHING(__tsan_create_fiber, (unsigned))
RAVEL_NOTHING(__tsan_get_current_fiber, ())
RAVEL_NOTHING(__tsan_external_register_tag, (const char*))
[[gnu::weak, gnu::visibility("default")]] int __tsan_mutex_pre_unlock(void*, unsigned) { return 1; }

RAVEL_IGNORED(AnnotateHappensBefore, (const char*, int, const volatile void*))
RAVEL_IGNORED(AnnotateHappensAfter, (const char*, int, const volatile void*))
RAVEL_IGNORED(AnnotateRWLockCreate, (const char*, int, const volatile void*))
RAVEL_IGNORED(AnnotateRWLockDestroy, (const char*, int, const volatile void*))
RAVEL_IGNORED(AnnotateRWLockAcquired, (const char*, int, const volatile void*, long))
RAVEL_IGNORED(AnnotateRWLockReleased, (const char*, int, const volatile void*, long))
RAVEL_IGNORED(AnnotateIgnoreReadsBegin, (const char*, int))
RAVEL_IGNORED(AnnotateIgnoreReadsEnd, (const char*, int))
RAVEL_IGNORED(AnnotateIgnoreWritesBegin, (const char*, int))
RAVEL_IGNORED(AnnotateIgnoreWritesEnd, (const char*, int))
RAVEL_IGNORED(AnnotateIgnoreSyncBegin, (const char*, int))
RAVEL_IGNORED(AnnotateIgnoreSyncEnd, (const char*, int))
RAVEL_IGNORED(AnnotateBenignRace, (const char*, int, const volatile void*, const char*))
RAVEL_IGNORED(AnnotateBenignRaceSized, (const char*, int, const volatile void*, long, const char*))
}
