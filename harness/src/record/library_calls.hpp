// SPDX-License-Identifier: MIT
// Which modules of this process ThreadSanitizer cannot see into, and when each thread last called into one: the state
// behind ravel/unseen.hpp. Time is each thread's own: the number of such calls it has made. intercept/count_calls.cpp
// counts them; the wraps of the instrumentation (points/wraps) note accesses.
// Thread safety: a thread writes its own part only; others read it while it runs, and may see it a moment late.
// Cost: a call 2 ns; an access 1 ns where there are such modules, else a load and a branch.
#pragma once

#include "thread_table.hpp"

#include <ravel/unseen.hpp>

#include <cstdint>

namespace ravel::detail {

struct unseen_module {
  std::uintptr_t begin, end;  // its code
  std::uint32_t callees;      // such modules that it can call, a bit for each
  char name[64];
  char path[256];
};
struct unseen_module_table {
  std::uint32_t count;
  unseen_module entries[most_unseen_modules];
};
extern unseen_module_table unseen_modules;  // of this process

// A thread's latest access to an address.
struct access_note {
  const void* address;
  std::uint64_t calls;  // that the thread had made by then
};
struct access_notes {
  static constexpr std::uint32_t size = 512;
  access_note reads[size], writes[size];  // by a hash of the address: the later one stays
};

// Written by code that is made at run time: the first three in this order.
struct calls_of_thread {
  std::uint64_t count;                        // so far
  std::uint64_t last[most_unseen_modules];    // number of the latest call into each in this trial; 0: none
  std::uint64_t direct[most_unseen_modules];  // the same of calls that no other such module made
  access_notes* notes;                        // null: accesses are not noted
};

// Of threads without a record, all together.
extern calls_of_thread calls_of_others;
extern thread_local constinit calls_of_thread* own_calls [[gnu::tls_model("initial-exec")]];

extern bool are_calls_counted, are_accesses_noted;

// Looks for modules without instrumentation; false: no module was loaded since the last call. Not from hooks.
bool find_unseen_modules() noexcept;
// Makes room for the notes of accesses. Without memory for it none are taken.
void note_accesses() noexcept;
// The calling thread has this record from now on, or none.
void adopt_calls(const thread_record* record) noexcept;
// A trial begins: all that threads did before is ordered before what they do now.
void forget_calls() noexcept;

void note_access_now(const void* address, std::uint32_t bytes, bool is_write, std::uintptr_t pc) noexcept;
[[gnu::always_inline]] inline void note_access(const void* address, std::uint32_t bytes, bool is_write,
                                               std::uintptr_t pc) noexcept {
  if (are_accesses_noted) [[unlikely]]
    note_access_now(address, bytes, is_write, pc);
}

}  // namespace ravel::detail
