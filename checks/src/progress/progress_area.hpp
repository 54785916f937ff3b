// SPDX-License-Identifier: MIT
// What is known of each claim about progress, in the run's shared memory. Zeroed memory is a valid empty area.
// Thread safety: the thread in control, or the body's, counts; the parent reads when no child runs.
#pragma once

#include <ravel/fixed_text.hpp>
#include <ravel/progress_claim.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks::detail {

struct claim_record {
  std::uint64_t key;  // of its place, kind and operation
  progress_kind kind;
  fixed_text<64> operation;
  fixed_text<512> file;
  unsigned line;
  std::uint64_t within, overtakes, samples;  // as claimed
  std::uint64_t calls;                       // of the operation
  std::uint64_t tried, held, met_others;     // points; without those that told nothing
  std::uint64_t most_points, most_overtakes;
};

struct progress_area {
  static constexpr std::uint32_t capacity = 32;
  std::atomic<std::uint32_t> used;
  bool was_left_out;  // stress: nobody is stopped
  claim_record records[capacity];
};

// "lock-free".
[[nodiscard]] const char* word_for(progress_kind kind) noexcept;

// nullptr outside a run in which the check is on.
[[nodiscard]] progress_area* area_of_claims() noexcept;

void report_broken(const progress_try& broken, const claim_record& record) noexcept;

}  // namespace ravel::checks::detail
