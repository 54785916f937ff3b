// SPDX-License-Identifier: MIT
// How often each outcome came, in memory that the processes of a run share: a histogram for each place in the body that
// tells one. Zeroed memory is a valid empty table; a process that dies loses nothing of what it had counted.
// Thread safety: one process at a time runs trials, and its body's thread counts; the parent reads when no child runs.
// Cost: one scan of the hashes of a histogram's values.
#pragma once

#include <ravel/outcome.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::detail {

struct outcome_histogram_record {
  static constexpr std::uint32_t capacity = 256;
  struct value {
    std::atomic<std::uint64_t> count;
    outcome_kind kind;
    outcome_text text;
  };

  std::uint64_t place_hash;
  fixed_text<512> file;
  unsigned line;
  bool has_expected;
  std::atomic<std::uint64_t> others;  // sightings of values for which there was no room
  std::atomic<std::uint32_t> used;
  std::uint64_t hash[capacity];  // of the texts
  value values[capacity];

  // Null: there is none of that text.
  [[nodiscard]] value* find(const outcome_text& text) noexcept;
  // Null: there is no room for it.
  value* add(const outcome_text& text, outcome_kind kind) noexcept;
};

struct outcome_table {
  static constexpr std::uint32_t capacity = 16;

  std::atomic<std::uint32_t> used;
  outcome_histogram_record histograms[capacity];

  // The one of that place; null: there is none yet.
  [[nodiscard]] outcome_histogram_record* find(site place) noexcept;
  // A new one, which counts when it is complete: with publish(). Null: there are too many.
  [[nodiscard]] outcome_histogram_record* begin(site place) noexcept;
  void publish() noexcept { used.store(used.load() + 1); }
};

// Tells of an outcome that must not be, as a finding of the trial in flight.
void record_bad_outcome(const outcome_text& text, outcome_kind kind, site place) noexcept;

}  // namespace ravel::detail
