// SPDX-License-Identifier: MIT
// Two threads before two accesses of the same memory at once: where that happens nothing orders them. A thread that
// comes to one of the places waits there for a moment, for another that comes to the other one in conflict with it.
// Thread safety: meet from any thread, a spin lock inside, never held while it waits. Cost: nothing while no meeting is
// looked for; then a look at each access, and at the places milliseconds, a bounded number of times.
#pragma once

#include <atomic>
#include <cstdint>

namespace ravel::detail {

struct race_places {
  std::uintptr_t pc[2];  // return addresses of the instrumentation's calls
};

// Tools name the call, or what follows it.
[[nodiscard]] inline bool is_race_place(std::uintptr_t wanted, std::uintptr_t pc) noexcept {
  return pc == wanted || pc == wanted + 1;
}

// All that are looked for, in memory that the processes of a run share; zeroed, but for the places.
struct meetings {
  static constexpr std::uint32_t most = 32;

  std::uint32_t count;
  race_places places[most];
  std::atomic<std::uint32_t> has_happened[most];
  std::atomic<std::uint32_t> waits[most];  // how often somebody waited for it
};
// In this process and those forked from it; null: none.
extern meetings* meetings_looked_for;

void meet(const void* address, std::uint32_t bytes, bool is_write, std::uintptr_t pc) noexcept;

}  // namespace ravel::detail
