// SPDX-License-Identifier: MIT
// How many different schedules were seen: a set of hashes in shared memory, open addressing, never deleted. When it is
// full it counts no more and says so. Written by one process at a time. Cost: one probe.
#pragma once

#include <cstdint>

namespace ravel::detail {

class schedule_set {
 public:
  static constexpr std::uint32_t capacity = 1u << 21;

  // True when it is new.
  bool add(std::uint64_t hash) noexcept {
    if (hash == 0) hash = 1;
    if (used_ > capacity / 4 * 3) {
      is_full_ = true;
      return false;
    }
    for (std::uint32_t at = static_cast<std::uint32_t>(hash >> 32) % capacity;; at = (at + 1) % capacity) {
      if (hashes_[at] == hash) return false;
      if (hashes_[at] != 0) continue;
      hashes_[at] = hash;
      ++used_;
      return true;
    }
  }
  [[nodiscard]] bool is_full() const noexcept { return is_full_; }

 private:
  std::uint32_t used_;
  bool is_full_;
  std::uint64_t hashes_[capacity];
};

}  // namespace ravel::detail
