// SPDX-License-Identifier: MIT
// Things that rounds leave behind, counted by group (threads by where they were created, descriptors by what
// they point to), and the judgement: a group whose number rises again and again is a finding, one that rose
// once and stays is retained. In shared memory: a crash loses nothing.
// Not thread safe: the body's thread, and the parent when no child runs. Cost: one probe a group.
#pragma once

#include <ravel/finding.hpp>

#include <cstdint>

namespace ravel::checks::detail {

struct left_group {
  std::uint64_t hash;  // 0: free; also the finding's signature
  finding_kind kind;
  fixed_text<128> name;
  std::uint64_t current;                  // at the last count
  std::uint64_t at_start;                 // when the batch started: not ours
  std::uint64_t most;                     // in this batch, above at_start
  std::uint64_t rises;                    // counts in this batch that were above all before
  std::uint64_t last_rise;                // round of the batch
  std::uint64_t first_trial, last_trial;  // of a rise
  raw_stack stack;                        // threads, names: where one was made
  fixed_text<48> thread;                  // names: who made that one
  std::uint32_t detail;                   // names: made_name
  fixed_text<192> example;
  raw_finding* record;
};

struct left_behind {
  static constexpr std::uint32_t capacity = 128;
  static constexpr std::uint64_t rises_that_count = 4;

  left_group groups[capacity];
  std::uint64_t uncounted;  // things whose group found no room

  // A count starts with all at zero; then one add for each thing.
  void start_count() noexcept;
  // The group of this name, counted up; nullptr when there is no room.
  left_group* add(finding_kind kind, std::uint64_t hash, const char* name) noexcept;
  // What was counted belongs to the time before the first round of the batch.
  void take_as_start() noexcept;
  // Notes rises. report(group): called when a group has become a finding, to write or rewrite its record.
  template <class Report>
  void compare(std::uint64_t round_of_batch, std::uint64_t trial, Report report) noexcept {
    for (left_group& group : groups) {
      const std::uint64_t above = group.current > group.at_start ? group.current - group.at_start : 0;
      if (group.hash == 0 || above <= group.most) continue;
      group.most = above;
      ++group.rises;
      group.last_rise = round_of_batch;
      if (group.first_trial == 0) group.first_trial = trial;
      group.last_trial = trial;
      if (group.rises < 2) continue;
      if (group.record != nullptr) static_cast<void>(open_finding(group.kind, group.hash));  // counts the round
      report(group);
      if (group.record != nullptr && group.rises >= rises_that_count) group.record->is_informative = false;
    }
  }
  // The last word of a batch: with only few rises, they fail when they went on until the end.
  void settle(std::uint64_t rounds_of_batch) noexcept;
};

// "/tmp/data17.txt" and "pipe:[4711]" without what differs from one to the next: "/tmp/data#.txt", "pipe:[#]".
void add_without_numbers(fixed_text<128>& out, const char* text) noexcept;

}  // namespace ravel::checks::detail
