// SPDX-License-Identifier: MIT
// What the linearizable check keeps in the run's shared memory: the calls of the trial in flight, which tools that look
// at all memory do not see there, and what the parent is to tell. Zeroed memory is a valid empty area.
// Thread safety: a log is its thread's until the trial's threads are joined; chunks are given out by an atomic count.
#pragma once

#include "stamps.hpp"
#include "written_value.hpp"

#include <ravel/checks/recorded.hpp>
#include <ravel/fixed_text.hpp>
#include <ravel/site.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ravel::checks::detail {

struct call_log;

struct alignas(16) recorded_call {
  recorded_call* next;
  const char* name;
  const repeatable* how;
  const fixed_text<48>* thread;
  call_log* log;
  std::uint64_t invoked;
  std::atomic<std::uint64_t> returned;  // call::never until then
  written_value result;
  std::size_t bytes;  // of what is stored behind it

  [[nodiscard]] void* stored() noexcept { return this + 1; }
};
static_assert(sizeof(recorded_call) % 16 == 0);

struct log_chunk {
  static constexpr std::size_t bytes = 32 << 10;
  log_chunk* next;
  std::size_t used;
  alignas(16) unsigned char memory[bytes - 32];
};

struct call_log {
  log_chunk *first_chunk, *chunk;  // kept from trial to trial
  recorded_call *first, *last;
  fixed_text<48>* thread;  // name of whose calls come now
};

class recorder {
 public:
  static constexpr std::size_t most_threads = 2048;  // slots of thread records
  call_log* logs[most_threads];
  std::atomic<std::uint32_t> slots_used;  // above all that have a log
  bool is_taken, is_controlled, has_lost, is_touched;
  std::uint64_t clock;  // under control
  std::atomic<std::uint64_t> shared_clock;
};

struct told_story {
  static constexpr std::size_t room = 12'000;
  site place;  // of the history; file null: free
  std::uint32_t calls;
  fixed_text<room> text;
  fixed_text<4 * room> file;  // empty: the history is longer
};

struct linearizable_area {
  static constexpr std::size_t recorders = 8, stories = 8, chunk_count = 4096;

  measured_stamps stamps;
  recorder recorder_of[recorders];
  std::atomic<std::uint64_t> chunks_used;
  std::uint64_t checked, skipped, undecided, lost;  // trials
  std::uint64_t first_ns, checking_ns;
  std::uint32_t self_tests;
  fixed_text<200> why_undecided;
  told_story story[stories];
  log_chunk chunks[chunk_count];
};

// nullptr outside a run in which the check is on. The second: where the stories of this run are told, also by the
// processes that replay and minimise what was found.
[[nodiscard]] linearizable_area* area_of_calls() noexcept;
[[nodiscard]] linearizable_area* area_of_stories() noexcept;

}  // namespace ravel::checks::detail
