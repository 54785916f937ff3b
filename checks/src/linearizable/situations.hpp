// SPDX-License-Identifier: MIT
// The situations that a search has been in: how far each chain is, and the model's state. Exact up to the state's
// identity. Not thread safe. Cost: O(chains) a situation; memory is asked for ahead and never more than the limit.
#pragma once

#include <ravel/checks/model_stepper.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ravel::checks::detail {

class situations {
 public:
  enum class added : std::uint8_t { fresh, known, full };

  situations(std::size_t chains, std::size_t most_bytes) : words_(chains + 4), most_bytes_(most_bytes) {}

  // To be told of every change of a position: the hash is kept up to date by that.
  void move(std::uint32_t chain, std::uint32_t from, std::uint32_t to) noexcept {
    hash_ += mixed(chain, to) - mixed(chain, from);
  }
  added add(const std::vector<std::uint32_t>& positions, const state_identity& state);
  [[nodiscard]] std::size_t bytes() const noexcept {
    return keys_.capacity() * sizeof(std::uint32_t) + table_.size() * sizeof(entry);
  }

 private:
  struct entry {
    std::uint64_t hash = 0;
    std::uint64_t key = 0;  // 1 + where it begins in keys_, in keys; 0: free
  };

  [[nodiscard]] static std::uint64_t mixed(std::uint64_t a, std::uint64_t b) noexcept {
    std::uint64_t x = (a << 40 ^ b) * 0x9E3779B97F4A7C15ull + 0x632BE59BD9B4E019ull;
    x = (x ^ x >> 32) * 0xD6E8FEB86659FD93ull;
    return x ^ x >> 29;
  }
  [[nodiscard]] bool make_room();

  const std::size_t words_;  // of a key
  const std::size_t most_bytes_;
  std::uint64_t hash_ = 0;
  std::size_t count_ = 0;
  std::vector<std::uint32_t> keys_;
  std::vector<entry> table_;  // a power of two of them
};

}  // namespace ravel::checks::detail
