// SPDX-License-Identifier: MIT
// Call stacks kept once each in shared memory, and how often an entry acquired at one was released at
// another: the sibling contrast of a report ("983 others acquired there were released at ...").
// Thread safety: any thread of any process of the run, no lock. Cost: hash of the frames and one probe.
#pragma once

#include <ravel/finding.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks::detail {

struct stack_table {
  static constexpr std::uint32_t capacity = 4096;
  static constexpr std::uint32_t pair_capacity = 8192;
  static constexpr std::uint32_t lanes = 8;
  static constexpr std::uint32_t unknown = 0;

  struct slot {
    std::atomic<std::uint64_t> hash;  // 0: free
    std::atomic<std::uint32_t> is_ready;
    raw_stack stack;
  };
  struct pair {
    std::atomic<std::uint64_t> key;  // acquired at << 32 | lane << 28 | released at; 0: free
    std::atomic<std::uint64_t> count;
  };
  slot slots[capacity];
  pair pairs[pair_capacity];

  // Captures the calling thread's stack, from the caller's caller on, and returns its number; unknown when
  // the table is full.
  [[nodiscard]] [[gnu::noinline]] std::uint32_t here() noexcept;
  [[nodiscard]] std::uint32_t number_of(const raw_stack& stack) noexcept;
  // nullptr for unknown ones, and for one whose writer died in the middle.
  [[nodiscard]] const raw_stack* stack_of(std::uint32_t number) const noexcept;

  // by: any number that tells threads apart.
  void count_release(std::uint32_t acquired_at, std::uint32_t released_at, std::uint32_t by) noexcept;
  struct contrast {
    std::uint64_t released;      // entries acquired there and released anywhere
    std::uint64_t at_most_used;  // of those, at the place used most
    std::uint32_t released_at;   // that place; unknown when there is none
  };
  [[nodiscard]] contrast siblings_of(std::uint32_t acquired_at) const noexcept;  // O(pairs), for reports

 private:
  [[nodiscard]] std::uint64_t released_between(std::uint32_t acquired_at, std::uint32_t released_at) const noexcept;
};

}  // namespace ravel::checks::detail
