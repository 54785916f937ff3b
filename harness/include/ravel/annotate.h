/* SPDX-License-Identifier: MIT */
/* Annotations for production code, C99 and C++: which shared entries it acquires and releases, and which
 * locks of its own making it takes. They need no library: where Ravel is not linked each is one load and a
 * branch that is never taken, and RAVEL_DISABLE_ANNOTATIONS (or a compiler without weak symbols) compiles
 * them away. Where Ravel is linked, entries are checked per round under the pool's name (the same pool as
 * ravel::checks::ledger of that name), and locks take part in the lock-order and deadlock checks.
 * Any thread. Outside a run of Ravel the calls return at once. Arguments are evaluated once at most.
 *
 *   pool      a string literal, e.g. "sessions"
 *   key       an integer or a pointer that tells the pool's entries apart while they are alive
 *   owner     where several objects have entries of one pool and their keys may be equal: the address of the object
 *             that the entry belongs to. Use the macros ..._IN then, for all that is said of such an entry
 *   hint, to  string literals: what is done with the entry; the role that owns it from now on
 *   lock      the address of the lock; name: what its class is called in reports, a string literal
 *
 * Say acquired after the entry exists and released before it is gone, inside the lock that guards it. Say
 * requested before waiting for a lock, acquired when it is held, released before it is given up. A
 * try-lock that succeeded says acquired only; one that failed says nothing.
 *
 * RAVEL_POINT() marks a place where explore mode may let another thread run: in code without instrumentation,
 * or between two steps that a variant without memory accesses would not tell apart.
 */
#ifndef RAVEL_ANNOTATE_H
#define RAVEL_ANNOTATE_H

#if !defined(RAVEL_DISABLE_ANNOTATIONS) && !(defined(__GNUC__) && defined(__ELF__))
#define RAVEL_DISABLE_ANNOTATIONS
#endif

#ifndef RAVEL_DISABLE_ANNOTATIONS

#ifdef __cplusplus
extern "C" {
#endif

void ravel_entry_acquired(const char* pool, unsigned long long key) __attribute__((weak));
void ravel_entry_touched(const char* pool, unsigned long long key, const char* hint) __attribute__((weak));
void ravel_entry_transferred(const char* pool, unsigned long long key, const char* to) __attribute__((weak));
void ravel_entry_released(const char* pool, unsigned long long key) __attribute__((weak));

void ravel_entry_acquired_in(const void* owner, const char* pool, unsigned long long key) __attribute__((weak));
void ravel_entry_touched_in(const void* owner, const char* pool, unsigned long long key, const char* hint)
    __attribute__((weak));
void ravel_entry_transferred_in(const void* owner, const char* pool, unsigned long long key, const char* to)
    __attribute__((weak));
void ravel_entry_released_in(const void* owner, const char* pool, unsigned long long key) __attribute__((weak));

void ravel_point(void) __attribute__((weak));

void ravel_lock_requested(const void* lock, const char* name, int shared) __attribute__((weak));
void ravel_lock_acquired(const void* lock, const char* name, int shared) __attribute__((weak));
void ravel_lock_released(const void* lock, const char* name, int shared) __attribute__((weak));
void ravel_lock_destroyed(const void* lock, const char* name, int shared) __attribute__((weak));

#ifdef __cplusplus
}
#endif

/* The empty assembly keeps the call from being the caller's last jump, so that the caller is on the stack. */
#define RAVEL_ANNOTATE(function, arguments) \
  do {                                      \
    if (function) {                         \
      function arguments;                   \
      __asm__ __volatile__("");             \
    }                                       \
  } while (0)

#define RAVEL_ENTRY_ACQUIRED(pool, key) RAVEL_ANNOTATE(ravel_entry_acquired, ((pool), (unsigned long long)(key)))
#define RAVEL_ENTRY_TOUCHED(pool, key, hint) \
  RAVEL_ANNOTATE(ravel_entry_touched, ((pool), (unsigned long long)(key), (hint)))
#define RAVEL_ENTRY_TRANSFERRED(pool, key, to) \
  RAVEL_ANNOTATE(ravel_entry_transferred, ((pool), (unsigned long long)(key), (to)))
#define RAVEL_ENTRY_RELEASED(pool, key) RAVEL_ANNOTATE(ravel_entry_released, ((pool), (unsigned long long)(key)))

#define RAVEL_ENTRY_ACQUIRED_IN(owner, pool, key) \
  RAVEL_ANNOTATE(ravel_entry_acquired_in, ((owner), (pool), (unsigned long long)(key)))
#define RAVEL_ENTRY_TOUCHED_IN(owner, pool, key, hint) \
  RAVEL_ANNOTATE(ravel_entry_touched_in, ((owner), (pool), (unsigned long long)(key), (hint)))
#define RAVEL_ENTRY_TRANSFERRED_IN(owner, pool, key, to) \
  RAVEL_ANNOTATE(ravel_entry_transferred_in, ((owner), (pool), (unsigned long long)(key), (to)))
#define RAVEL_ENTRY_RELEASED_IN(owner, pool, key) \
  RAVEL_ANNOTATE(ravel_entry_released_in, ((owner), (pool), (unsigned long long)(key)))

#define RAVEL_POINT() RAVEL_ANNOTATE(ravel_point, ())

#define RAVEL_LOCK_REQUESTED(lock, name) RAVEL_ANNOTATE(ravel_lock_requested, ((lock), (name), 0))
#define RAVEL_LOCK_ACQUIRED(lock, name) RAVEL_ANNOTATE(ravel_lock_acquired, ((lock), (name), 0))
#define RAVEL_LOCK_RELEASED(lock) RAVEL_ANNOTATE(ravel_lock_released, ((lock), 0, 0))
#define RAVEL_LOCK_DESTROYED(lock) RAVEL_ANNOTATE(ravel_lock_destroyed, ((lock), 0, 0))
#define RAVEL_SHARED_LOCK_REQUESTED(lock, name) RAVEL_ANNOTATE(ravel_lock_requested, ((lock), (name), 1))
#define RAVEL_SHARED_LOCK_ACQUIRED(lock, name) RAVEL_ANNOTATE(ravel_lock_acquired, ((lock), (name), 1))
#define RAVEL_SHARED_LOCK_RELEASED(lock) RAVEL_ANNOTATE(ravel_lock_released, ((lock), 0, 1))

#else

#define RAVEL_ENTRY_ACQUIRED(pool, key) ((void)0)
#define RAVEL_ENTRY_TOUCHED(pool, key, hint) ((void)0)
#define RAVEL_ENTRY_TRANSFERRED(pool, key, to) ((void)0)
#define RAVEL_ENTRY_RELEASED(pool, key) ((void)0)
#define RAVEL_ENTRY_ACQUIRED_IN(owner, pool, key) ((void)0)
#define RAVEL_ENTRY_TOUCHED_IN(owner, pool, key, hint) ((void)0)
#define RAVEL_ENTRY_TRANSFERRED_IN(owner, pool, key, to) ((void)0)
#define RAVEL_ENTRY_RELEASED_IN(owner, pool, key) ((void)0)
#define RAVEL_POINT() ((void)0)
#define RAVEL_LOCK_REQUESTED(lock, name) ((void)0)
#define RAVEL_LOCK_ACQUIRED(lock, name) ((void)0)
#define RAVEL_LOCK_RELEASED(lock) ((void)0)
#define RAVEL_LOCK_DESTROYED(lock) ((void)0)
#define RAVEL_SHARED_LOCK_REQUESTED(lock, name) ((void)0)
#define RAVEL_SHARED_LOCK_ACQUIRED(lock, name) ((void)0)
#define RAVEL_SHARED_LOCK_RELEASED(lock) ((void)0)

#endif

#endif
