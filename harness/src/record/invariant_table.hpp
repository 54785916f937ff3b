// SPDX-License-Identifier: MIT
// At how many points each invariant was judged, in memory that the processes of a run share, and the finding about one
// that does not hold. Zeroed memory is a valid empty table.
// Thread safety: whoever runs alone counts: the thread in control, or the body's where no other runs; the parent reads
// when no child runs. Cost: some ns a count.
#pragma once

#include <ravel/fixed_text.hpp>
#include <ravel/raw_stack.hpp>
#include <ravel/site.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::detail {

struct invariant_record {
  std::uint64_t key;  // of its place and text
  fixed_text<128> what;
  fixed_text<512> file;
  unsigned line;
  std::atomic<std::uint64_t> points;        // while it was in force
  std::atomic<std::uint64_t> judged;        // of them
  std::atomic<std::uint64_t> in_operation;  // left out: an operation was in flight
  std::atomic<std::uint64_t> unrecorded;    // left out: no operation of the trial had been recorded
  std::atomic<std::uint64_t> passed_over;   // it would have waited

  // relaxed: one thread at a time counts, see above
  static void count(std::atomic<std::uint64_t>& sum) noexcept {
    sum.store(sum.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
};

struct invariant_table {
  static constexpr std::uint32_t capacity = 32;

  std::atomic<std::uint32_t> used;
  invariant_record records[capacity];

  // The one of that place and text, new or known. Null: there are too many.
  [[nodiscard]] invariant_record* record_of(const char* what, site place) noexcept;
};

// Where it does not hold any more.
struct broken_invariant {
  const char* what;
  site place;
  const char* thrown;  // what it threw; null: nothing
  bool is_at_point;    // under control; else where no thread runs
  const char* done;    // what the thread did last, a word; and where, 0: unknown
  std::uintptr_t done_pc;
  const char* next;        // what comes next, a word
  bool held_before;        // it was judged at the point before, and held
  std::uint64_t unjudged;  // else so many points were not judged
};
void record_broken_invariant(const broken_invariant& broken) noexcept;

}  // namespace ravel::detail
