// SPDX-License-Identifier: MIT
// Call stacks kept once each; see stack_table.hpp. Runs on the target's threads: no lock, no libc call.
#include "stack_table.hpp"

namespace ravel::checks::detail {
namespace {

// Two lanes, so that the multiplications of neighbouring frames overlap.
std::uint64_t hash_of(const raw_stack& stack) noexcept {
  std::uint64_t even = 0x9E3779B97F4A7C15ull;
  std::uint64_t odd = stack.depth;
  std::uint32_t i = 0;
  for (; i + 1 < stack.depth; i += 2) {
    even = (even ^ stack.pc[i]) * 0xBF58476D1CE4E5B9ull;
    odd = (odd ^ stack.pc[i + 1]) * 0x94D049BB133111EBull;
  }
  if (i < stack.depth) even = (even ^ stack.pc[i]) * 0xBF58476D1CE4E5B9ull;
  const std::uint64_t both = (even ^ (even >> 29)) + (odd ^ (odd >> 31)) * 3;
  return (both ^ (both >> 32)) | 1;  // 0 means free
}

}  // namespace

std::uint32_t stack_table::here() noexcept {
  raw_stack stack;
  stack.depth = 0;
  capture_stack(stack, 2);  // neither this function nor the ledger's
  return number_of(stack);
}

std::uint32_t stack_table::number_of(const raw_stack& stack) noexcept {
  const std::uint64_t hash = hash_of(stack);
  for (std::uint32_t probe = 0; probe < capacity; ++probe) {
    const std::uint32_t at = static_cast<std::uint32_t>((hash >> 8) + probe) & (capacity - 1);
    if (at == unknown) continue;
    slot& slot = slots[at];
    std::uint64_t seen = slot.hash.load(std::memory_order_acquire);
    if (seen == hash) return at;
    if (seen != 0) continue;
    if (slot.hash.compare_exchange_strong(seen, hash, std::memory_order_acq_rel)) {
      copy_bytes(&slot.stack, &stack, sizeof stack);
      slot.is_ready.store(1, std::memory_order_release);
      return at;
    }
    if (seen == hash) return at;
  }
  return unknown;
}

const raw_stack* stack_table::stack_of(std::uint32_t number) const noexcept {
  if (number == unknown || number >= capacity) return nullptr;
  const slot& slot = slots[number];
  return slot.is_ready.load(std::memory_order_acquire) != 0 ? &slot.stack : nullptr;
}

void stack_table::count_release(std::uint32_t acquired_at, std::uint32_t released_at, std::uint32_t by) noexcept {
  if (acquired_at == unknown) return;
  // Threads count apart, because a counter that all write to costs each of them a cache miss.
  const std::uint64_t lane = by % lanes;
  const std::uint64_t key = std::uint64_t{acquired_at} << 32 | lane << 28 | released_at;
  const std::uint64_t start = mix(key, 0x7F4A7C15);
  for (std::uint32_t probe = 0; probe < 64; ++probe) {
    pair& pair = pairs[(start + probe) & (pair_capacity - 1)];
    std::uint64_t seen = pair.key.load(std::memory_order_relaxed);
    if (seen == 0) pair.key.compare_exchange_strong(seen, key, std::memory_order_relaxed);
    if (seen == 0 || seen == key) {
      // relaxed: a statistic only, publishes nothing
      pair.count.fetch_add(1, std::memory_order_relaxed);
      return;
    }
  }
}

std::uint64_t stack_table::released_between(std::uint32_t acquired_at, std::uint32_t released_at) const noexcept {
  std::uint64_t sum = 0;
  for (const pair& pair : pairs) {
    const std::uint64_t key = pair.key.load(std::memory_order_relaxed);
    if (key >> 32 == acquired_at && (key & 0x0FFFFFFF) == released_at)
      sum += pair.count.load(std::memory_order_relaxed);
  }
  return sum;
}

stack_table::contrast stack_table::siblings_of(std::uint32_t acquired_at) const noexcept {
  contrast result{0, 0, unknown};
  if (acquired_at == unknown) return result;
  for (const pair& pair : pairs) {
    const std::uint64_t key = pair.key.load(std::memory_order_relaxed);
    if (key >> 32 != acquired_at) continue;
    const auto released_at = static_cast<std::uint32_t>(key & 0x0FFFFFFF);
    result.released += pair.count.load(std::memory_order_relaxed);
    if (released_at == result.released_at) continue;
    const std::uint64_t there = released_between(acquired_at, released_at);
    if (there > result.at_most_used) {
      result.at_most_used = there;
      result.released_at = released_at;
    }
  }
  return result;
}

}  // namespace ravel::checks::detail
