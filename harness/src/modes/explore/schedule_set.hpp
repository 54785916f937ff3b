// SPDX-License-Identifier: MIT
// How many different schedules were seen: a set of hashes in shared memory, open addressing, never deleted. It begins
// small and doubles, so that a run that sees few schedules touches few pages. When it is full it counts no more, and
// the report says so. Written by one process at a time. Cost: one probe; 8 to 32 bytes a schedule.
#pragma once

#include <cstdint>

namespace ravel::detail {

class schedule_set {
 public:
  // True when it is new.
  bool add(std::uint64_t hash) noexcept {
    if (hash == 0) hash = 1;
    if (place_of(hash, doublings_) == hash) return false;
    if (used_ >= (first_size << doublings_) / 4 * 3) {
      if (doublings_ == most_doublings) {
        is_full_ = true;
        return false;
      }
      grow();
    }
    place_of(hash, doublings_) = hash;
    ++used_;
    return true;
  }
  // True when one was not counted for want of room.
  [[nodiscard]] bool is_full() const noexcept { return is_full_; }

 private:
  static constexpr std::uint32_t first_size = 1u << 10, most_doublings = 11;

  // Where it is, or is to be put. The table of each size lies behind the smaller ones.
  std::uint64_t& place_of(std::uint64_t hash, std::uint32_t doublings) noexcept {
    const std::uint32_t size = first_size << doublings;
    std::uint64_t* table = hashes_ + (size - first_size);
    for (std::uint32_t at = static_cast<std::uint32_t>(hash >> 32) % size;; at = (at + 1) % size)
      if (table[at] == hash || table[at] == 0) return table[at];
  }
  void grow() noexcept {
    const std::uint32_t size = first_size << doublings_;
    const std::uint64_t* table = hashes_ + (size - first_size);
    for (std::uint32_t at = 0; at < size; ++at)
      if (table[at] != 0) place_of(table[at], doublings_ + 1) = table[at];
    ++doublings_;  // last: a process that is killed before leaves the smaller table in force
  }

  // invariant: the table in force is never more than three quarters full
  std::uint32_t used_;
  std::uint32_t doublings_;
  bool is_full_;
  std::uint64_t hashes_[(first_size << (most_doublings + 1)) - first_size];
};

}  // namespace ravel::detail
