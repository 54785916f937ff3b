// SPDX-License-Identifier: MIT
// The deadlock check runs in every lane without being asked; switch it off with .without = {"deadlock"}.
// It reports, under these kinds:
//   deadlock       threads that wait for each other's locks, for each other's end, or for trial.run(), for ever
//   self_deadlock  a thread that wants a lock which it holds already, in a way that cannot be granted
//   lock_misuse    unlocking a lock that another thread or nobody holds; destroying or freeing a held lock;
//                  ending a thread or a round with a lock held; a condition wait without the mutex
// A wait for a condition variable cannot be judged (anybody may signal it): it shows up as a hang, in whose
// report every thread says what it holds and wants.
// Locks of the target's own making take part through the RAVEL_LOCK_ macros of ravel/annotate.h.
#pragma once

#include <ravel/finding.hpp>
#include <ravel/thread_record.hpp>

namespace ravel::checks {

// Adds to an actor of a hang what its thread waits for and from whom ("cache_lock, which client#1 holds").
// In the parent, while the run's child is stopped or gone; nothing when neither lock check is on.
void describe_locks(const thread_record& thread, raw_actor& actor);

}  // namespace ravel::checks
