// SPDX-License-Identifier: MIT
// The reads-from pairs that the places seen in one execution make possible: every reader of a shared object with every
// writer of it, and with what was there at the start; more can be added. In order of first sight. Lives in zeroed
// shared memory. Not thread safe. Cost: a hash probe an event; a pair is added once.
#pragma once

#include "profile.hpp"
#include "reads_from.hpp"

namespace ravel::detail {

class possible_pairs {
 public:
  static constexpr std::uint32_t most_places = 1u << 12;
  static constexpr std::uint32_t most_pairs = 1u << 12;

  possible_pairs() noexcept {}  // NOLINT: leaves the pages untouched

  void forget() noexcept;
  void note(std::uint32_t object, const event& what) noexcept;  // object: its ordinal in the profile
  void make(const profile& known) noexcept;                     // after the last note()
  void add(const reads_from_pair& pair) noexcept;

  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  [[nodiscard]] const reads_from_pair& pair(std::uint32_t which) const noexcept { return pairs_[which]; }
  [[nodiscard]] bool has(const reads_from_pair& pair) noexcept { return keys_.find(key_of(pair)) != nullptr; }

 private:
  struct place {
    std::uint64_t pc;
    std::uint32_t next;  // of the same object; one more than its index, 0: the last
    bool reads, writes;
  };

  std::uint32_t count_;
  std::uint32_t place_count_;
  std::uint32_t objects_;
  std::uint32_t heads_[profile::most_objects];
  place places_[most_places];
  reads_from_pair pairs_[most_pairs];
  fixed_map<std::uint32_t, most_places * 2> known_places_;  // object and pc: index + 1
  fixed_map<std::uint32_t, most_pairs * 2> keys_;
};

}  // namespace ravel::detail
