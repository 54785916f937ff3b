// SPDX-License-Identifier: MIT
// Who and when: threads by creation path, and vector clocks that advance at creation, join and the start and
// end of trial.run() only. Clocks are immutable and stored once; a thread's moment is an index. They start
// anew in each trial, so that the same moment of two trials is the same clock: trials are laid over each other.
// Thread safety: each call is on the thread whose clock it makes, or before that thread runs. Cost: O(threads).
#pragma once

#include "lock_memory.hpp"

#include <cstdint>
#include <string>

namespace ravel::checks {

// + 1; 0 when there is no room, which counts as lost and leaves the thread's locks out of the graph.
[[nodiscard]] std::uint32_t identity_of(lock_memory& memory, const thread_record& record,
                                        const thread_record* parent_record, std::uint32_t parent) noexcept;

// All of these return index + 1, or 0 when there is no room.
[[nodiscard]] std::uint32_t first_clock(lock_memory& memory, std::uint32_t identity) noexcept;
// The thread's next stretch, after it created another or was joined with one.
[[nodiscard]] std::uint32_t advanced(lock_memory& memory, std::uint32_t clock) noexcept;
// `from` seen by the thread of `clock` (0: `identity` has no clock yet), and its own part advanced.
[[nodiscard]] std::uint32_t merged(lock_memory& memory, std::uint32_t identity, std::uint32_t clock,
                                   std::uint32_t from) noexcept;

[[nodiscard]] std::uint32_t component(const lock_memory& memory, std::uint32_t clock, std::uint32_t identity) noexcept;
// Neither happens before the other.
[[nodiscard]] bool is_concurrent(const lock_memory& memory, std::uint32_t one, std::uint32_t other) noexcept;

}  // namespace ravel::checks
