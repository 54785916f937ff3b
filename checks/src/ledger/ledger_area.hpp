// SPDX-License-Identifier: MIT
// All that the ledger knows, in the run's shared memory: a child that crashes or hangs loses nothing.
// Thread safety: pools, texts, stacks and entries from any thread; the rest belongs to the thread that runs
// the body, and to the parent when no child runs. Virtual size about 300 MB; only what is used costs memory.
#pragma once

#include "entry_table.hpp"
#include "growth/growth_series.hpp"
#include "stack_table.hpp"
#include "text_table.hpp"

#include <ravel/observer.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks::detail {

// A key ready to be stored: a text is its hash and its beginning.
struct stored_key {
  std::uint64_t value;
  std::uint8_t shape;
  char text[sizeof entry::text];
};

// An entry holds these numbers in 16 bits.
static_assert(text_table::capacity <= 1u << 16 && stack_table::capacity <= 1u << 16);

struct pool_record {
  std::atomic<std::uint64_t> hash;  // of the name; 0: free
  std::atomic<std::uint32_t> is_ready;
  fixed_text<64> name;
  ledger_options options;
  std::atomic<std::uint64_t> untracked;  // in this batch: entries for which there was no room
  std::atomic<std::uint64_t> bytes;      // retained_bytes, the last word in this round
  std::atomic<std::uint32_t> has_bytes;
  std::atomic<std::uint64_t> expected_entries;  // in this round
  std::atomic<std::uint32_t> reason;            // why retained; in the text_table

  // Per batch, because what is retained dies with the process.
  growth_series entries_series, bytes_series;
  raw_finding* entries_finding;
  raw_finding* bytes_finding;
  std::uint64_t untracked_in_run;
  std::uint64_t held_at_death;  // entries alive when a process died in the middle of a round
  std::uint64_t death_trial;
  growth last_entries, last_bytes;  // for the report's notes
};

// Unreleased entries of one pool, acquired at one place: one finding, however often.
struct unreleased_group {
  std::uint32_t pool, acquired_at;
  std::uint64_t total, trials, first_trial, last_trial;
  std::uint64_t counted_in;  // last round counted, by ledger_area::round
  std::uint32_t has_other_keys;
  std::uint32_t contrast_actor;  // of the record; 0: none yet
  stored_key key;
  raw_finding* record;  // nullptr: the table of findings was full
};

struct ledger_area {
  static constexpr std::uint32_t pool_capacity = 256;  // pool 0 is none
  static constexpr std::uint32_t group_capacity = 512;

  text_table texts;
  stack_table stacks;
  pool_record pools[pool_capacity];
  unreleased_group groups[group_capacity];
  std::uint32_t group_count;
  std::uint64_t round;      // counts up with every round; a replay repeats trial numbers
  std::uint64_t ungrouped;  // unreleased entries for which there was no group left
  entry_table entries;

  // The pool of this name, made if need be; 0 when there is no room.
  std::uint32_t pool_named(const char* name) noexcept;
  // Pools 1 to this one are in use: those beyond cost nothing, not even their pages.
  [[nodiscard]] std::uint32_t last_pool() const noexcept {
    std::uint32_t last = 0;
    while (last + 1 < pool_capacity && pools[last + 1].hash.load(std::memory_order_relaxed) != 0) ++last;
    return last;
  }
};

// The area of the run in flight in this process, or nullptr.
[[nodiscard]] ledger_area* area_in_use() noexcept;
void use_area(ledger_area* area) noexcept;

void link_entry_annotations() noexcept;  // annotate_entries.cpp

// The number of the calling thread's name.
[[nodiscard]] std::uint32_t this_thread_name(ledger_area& area) noexcept;
inline constexpr std::uint32_t ledger_word = 5;  // in thread_record::check_word

void show_key(fixed_text<256>& out, std::uint64_t value, std::uint8_t shape, const char* text) noexcept;

// Findings, in ledger_findings.cpp. The record is filled in place.
struct sighting {  // what the acting thread did, or failed to do
  std::uint32_t pool;
  const void* owner;
  stored_key key;
  std::uint32_t by, at;
};
void report_missing_entry(ledger_area& area, finding_kind kind, const sighting& now, const grave& last_release,
                          const char* hint) noexcept;
void report_foreign_release(ledger_area& area, const sighting& now, const entry& released) noexcept;
void report_unreleased(ledger_area& area, std::uint64_t trial, const entry& left) noexcept;
// Rewrites the counts and the sibling contrast of all groups that grew in this round.
void update_unreleased(ledger_area& area) noexcept;
// of: what grows, in words: "entries", "bytes".
void report_growth(ledger_area& area, pool_record& pool, const growth& growth, const char* of,
                   raw_finding*& record) noexcept;

}  // namespace ravel::checks::detail
