// SPDX-License-Identifier: MIT
// The run's findings, in memory shared between the forked child and its parent: open addressing over
// signatures, claimed by compare-and-swap, never deleted. A crash loses at most the end of one record.
// Thread safety: record() from any thread or signal handler of any process of the run; reading is the
// parent's, when no child runs. Cost: one probe; a new finding 4 KiB of shared memory.
#pragma once

#include <ravel/finding.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::detail {

struct finding_slot {
  std::atomic<std::uint64_t> signature;     // 0: free
  std::atomic<std::uint32_t> is_published;  // 0: a crash cut the record short
  std::atomic<std::uint32_t> process;       // batch number of the last sighting
  std::atomic<std::uint64_t> first_trial;
  std::atomic<std::uint64_t> last_trial;
  std::atomic<std::uint64_t> trials_seen;  // distinct trials
  std::atomic<std::uint64_t> sightings;
  raw_finding record;
};

struct finding_table {
  static constexpr std::uint32_t capacity = 512;

  std::atomic<std::uint32_t> used;
  std::atomic<std::uint64_t> lost;  // new findings that found no free slot
  // In a replay: trials before this one only prepare the ground, and what is found in them is left out.
  std::atomic<std::uint64_t> first_counted;
  finding_slot slots[capacity];

  // trial: the one in flight, 0 outside. See open_finding.
  raw_finding* open(finding_kind kind, std::uint64_t signature, std::uint64_t trial) noexcept;
};

}  // namespace ravel::detail
