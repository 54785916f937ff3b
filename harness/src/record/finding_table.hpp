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
  // The last slots are for kinds of which there are few: a flood of one kind keeps no other out.
  static constexpr std::uint32_t kept_free = 64, few = 16, kinds = 64;

  std::atomic<std::uint32_t> used;
  std::atomic<std::uint32_t> of_kind[kinds];
  std::atomic<std::uint64_t> lost;  // new findings that found no free slot
  // In a replay: trials before this one only prepare the ground, and what is found in them is left out.
  std::atomic<std::uint64_t> first_counted;
  std::atomic<std::uint64_t> touched[capacity / 64];  // a bit for each slot that was tried: the others are free, and
                                                      // not looked at: most of their pages were never there
  finding_slot slots[capacity];

  // All slots that are not free, while nobody adds any.
  template <class Look>
  void for_each(Look look) const {
    for (std::uint32_t i = 0; i < capacity; ++i) {
      // relaxed: set before the key is written; acquire: as in finding_table.cpp
      if ((touched[i / 64].load(std::memory_order_relaxed) >> i % 64 & 1) == 0) continue;
      if (slots[i].signature.load(std::memory_order_acquire) != 0) look(slots[i]);
    }
  }

  // trial: the one in flight, 0 outside. See open_finding.
  [[nodiscard]] bool has_room_for(finding_kind kind) const noexcept;
  raw_finding* open(finding_kind kind, std::uint64_t signature, std::uint64_t trial) noexcept;
};

}  // namespace ravel::detail
