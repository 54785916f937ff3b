// SPDX-License-Identifier: MIT
// What intercepted calls ask when nobody but the caller can be waited for: see ravel/alone.hpp.
// Thread safety: the calling thread's own. Cost while it is not alone: a thread-local load and a branch.
#pragma once

#include <ctime>

#include <cstdint>

namespace ravel::detail {

// What code that only looks has locked, to be given back where it is left in the middle.
struct locks_taken {
  static constexpr std::uint32_t most = 32;  // further ones are not given back
  struct lock {
    void* object;
    void (*give_back)(void*) noexcept;
  } locks[most];
  std::uint32_t count;
  std::uint32_t atomics;  // operations
  bool is_in_execution;   // the model knows who holds what
};

struct alone_state {
  bool is_on;
  std::uint32_t yields;     // without an end in sight
  std::int64_t skipped_ns;  // by sleeps and time limits: clocks are so far ahead
  locks_taken* taken;       // null: it does not only look
};
[[gnu::tls_model("initial-exec")]] extern thread_local constinit alone_state alone;

[[nodiscard]] [[gnu::always_inline]] inline bool is_alone() noexcept { return alone.is_on; }

// Back to run_alone() or look_alone(), which returns false.
[[noreturn]] void leave_alone() noexcept;

// Clocks go on by that. Who only looks leaves.
void skip(const timespec& span) noexcept;
// They go on to there, if it is ahead. As above.
void skip_to(clockid_t clock, const timespec& until) noexcept;
// What a clock shows.
void move_on(timespec& now) noexcept;
// Who yields again and again waits.
void yield_alone() noexcept;

// Who only looks, and does very many atomic operations, waits by spinning.
void step_alone() noexcept;
[[gnu::always_inline]] inline void note_atomic_alone() noexcept {
  if (alone.taken != nullptr) [[unlikely]]
    step_alone();
}

// Who is alone has locked this, or given it back.
void took_alone(void* object, void (*give_back)(void*) noexcept) noexcept;
void gave_back_alone(const void* object) noexcept;
// How often it has locked it.
[[nodiscard]] std::uint32_t times_taken_alone(const void* object) noexcept;

}  // namespace ravel::detail
