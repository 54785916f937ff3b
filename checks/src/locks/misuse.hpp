// SPDX-License-Identifier: MIT
// Findings about a lock used in a way that is wrong at once, made where it happens, on the acting thread.
// Any thread; no allocation. The child words them without the lock's name, the parent again with it.
#pragma once

#include "lock_memory.hpp"

#include <ravel/observer.hpp>

#include <string>

namespace ravel::checks {

class lock_recorder;

// The holder's part, where there is one: who, and how the lock was acquired.
struct holding {
  thread_record* record = nullptr;
  std::uint32_t position = 0;
};

void report_misuse(lock_recorder& recorder, misuse what, thread_record& actor, const lock_event& event,
                   holding holder) noexcept;

// Who holds the lock, the given thread left out; .record is null when nobody is known to.
[[nodiscard]] holding find_holder(lock_recorder& recorder, const void* lock, const thread_record* but) noexcept;

// A release by a thread that does not hold the lock as far as Ravel saw.
void judge_strange_release(lock_recorder& recorder, thread_record& actor, const lock_event& event) noexcept;
void judge_wait_without_lock(lock_recorder& recorder, thread_record& actor, const lock_event& event) noexcept;

// In the parent: words all findings of misuse again, with the locks' names.
void name_misused_locks(lock_memory& memory);

// "std::mutex or pthread mutex", ...
[[nodiscard]] const char* word_for(lock_kind kind) noexcept;

}  // namespace ravel::checks
