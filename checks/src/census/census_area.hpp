// SPDX-License-Identifier: MIT
// What the census counts, in the run's shared memory. Each counter is one file: threads_left.cpp, descriptors.cpp,
// made_names.cpp, foreign_segments.cpp, heap_in_use.cpp; all run on the body's thread between rounds.
#pragma once

#include "growth/growth_series.hpp"
#include "left_behind.hpp"
#include "made_names.hpp"

#include <ravel/observer.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks::detail {

struct census_area {
  left_behind threads, unclaimed_threads;  // that run on; that have ended and were neither joined nor detached
  left_behind descriptors, names;
  left_behind foreign_segments;  // that this program was not seen to make
  made_names made;
  growth_series heap;
  raw_finding* heap_finding;
  growth last_heap;
  std::uint64_t rounds_of_batch;
  std::uint64_t batches;                 // in the run
  std::uint64_t round_of_scan, scan_ns;  // in this batch: the last scan's round, the time of all
  std::uint64_t batch_started_ns;
};

[[nodiscard]] std::uint64_t now_ns() noexcept;

// In thread_record::check_word: set when the thread has ended; cleared when the record is used again.
inline constexpr std::uint32_t census_word = 6;

// Threads that the target created in this round and that do not end within 250 ms; see ignore_threads_of.
void wait_for_ending_threads(run_view& run) noexcept;
void count_threads(run_view& run, left_behind& threads) noexcept;
void report_thread(left_group& group) noexcept;
void count_unclaimed_threads(run_view& run, left_behind& threads) noexcept;
void report_unclaimed_thread(left_group& group) noexcept;

void count_descriptors(left_behind& descriptors) noexcept;
void report_descriptor(left_group& group) noexcept;

void count_names(made_names& made, left_behind& names) noexcept;
void report_name(left_group& group) noexcept;
void count_foreign_segments(const made_names& made, left_behind& foreign) noexcept;

// Bytes allocated and not freed. is_exact: the sanitizer's own count; otherwise glibc's, which counts what
// threads keep in caches, too. False where nobody knows (Valgrind).
struct heap_count {
  bool is_known, is_exact;
  std::uint64_t bytes;
};
[[nodiscard]] heap_count heap_in_use(const run_view& run) noexcept;
void report_heap(const growth& growth, bool is_exact, raw_finding*& record) noexcept;

}  // namespace ravel::checks::detail
