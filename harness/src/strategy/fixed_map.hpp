// SPDX-License-Identifier: MIT
// A map from 64-bit keys to plain values that fits into shared memory: open addressing in a fixed array, never deleted,
// cleared in O(1). Memory that was never written costs nothing, so it is not constructed: it must lie in zeroed memory.
// When three quarters are used it takes no more. Not thread safe. Cost: one probe.
#pragma once

#include "base/random.hpp"

#include <cstdint>

namespace ravel::detail {

template <class Value, std::uint32_t Capacity>
class fixed_map {
  static_assert((Capacity & (Capacity - 1)) == 0, "a power of two");

 public:
  fixed_map() noexcept {}  // NOLINT: leaves the pages untouched

  void clear() noexcept {
    ++generation_;
    used_ = 0;
  }
  [[nodiscard]] std::uint32_t size() const noexcept { return used_; }
  [[nodiscard]] bool is_full() const noexcept { return used_ >= Capacity / 4 * 3; }

  // nullptr: it is not there.
  [[nodiscard]] Value* find(std::uint64_t key) noexcept {
    entry& at = place_of(key);
    return at.generation == generation_ + 1 ? &at.value : nullptr;
  }
  // Value{} if it was not there; nullptr if there is no room.
  [[nodiscard]] Value* find_or_add(std::uint64_t key) noexcept {
    entry& at = place_of(key);
    if (at.generation == generation_ + 1) return &at.value;
    if (is_full()) return nullptr;
    ++used_;
    at.key = key;
    at.generation = generation_ + 1;
    at.value = Value{};
    return &at.value;
  }

 private:
  struct entry {
    std::uint64_t key;
    std::uint64_t generation;  // one more than the map's when it was written; 0: never
    Value value;
  };

  entry& place_of(std::uint64_t key) noexcept {
    std::uint64_t state = key;
    std::uint64_t at = splitmix(state);
    for (;; ++at) {
      entry& one = entries_[at & (Capacity - 1)];
      if (one.generation != generation_ + 1 || one.key == key) return one;
    }
  }

  std::uint64_t generation_;
  std::uint32_t used_;
  entry entries_[Capacity];
};

}  // namespace ravel::detail
