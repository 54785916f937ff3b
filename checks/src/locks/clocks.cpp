// SPDX-License-Identifier: MIT
// See clocks.hpp.
#include "clocks.hpp"

#include <sched.h>

namespace ravel::checks {

namespace {

constexpr std::uint32_t widest = 4096;

// A clock under construction, at the free end of the words: creating threads may have tiny stacks.
struct draft {
  std::uint32_t* words;
  std::uint32_t count = 0;

  void set(std::uint32_t position, std::uint32_t value) noexcept {
    while (count <= position) words[count++] = 0;
    words[position] = value;
  }
  void add(const lock_memory& memory, std::uint32_t clock) noexcept {
    if (clock == 0) return;
    const thread_clock& from = memory.clocks.items[clock - 1];
    for (std::uint32_t i = 0; i < from.count; ++i) {
      const std::uint32_t value = memory.clock_words[from.first + i];
      if (i >= count || words[i] < value) set(i, value);
    }
  }
};

std::uint32_t stored(lock_memory& memory, std::uint32_t identity, const draft& made) noexcept {
  std::uint64_t hash = mix(17, identity);
  for (std::uint32_t i = 0; i < made.count; ++i) hash = mix(hash, made.words[i]);
  const auto is_same = [&](const thread_clock& other) {
    if (other.thread != identity || other.count != made.count) return false;
    for (std::uint32_t i = 0; i < made.count; ++i)
      if (memory.clock_words[other.first + i] != made.words[i]) return false;
    return true;
  };
  if (const std::int64_t found = memory.clocks.find(hash, is_same); found >= 0)
    return static_cast<std::uint32_t>(found) + 1;
  if (memory.clocks.is_full()) {
    memory.lost.fetch_add(1, std::memory_order_relaxed);
    return 0;
  }
  const std::uint32_t first = memory.clock_words_used.load(std::memory_order_relaxed);
  memory.clock_words_used.store(first + made.count, std::memory_order_relaxed);
  memory.clocks.next() = {identity, first, made.count};
  return memory.clocks.publish(hash) + 1;
}

}  // namespace

spin_guard::spin_guard(std::atomic<std::uint32_t>& word) noexcept : word_(word) {
  for (std::uint32_t spins = 0; word_.exchange(1, std::memory_order_acquire) != 0; ++spins)
    if (spins > 50) sched_yield();
}

std::uint32_t identity_of(lock_memory& memory, const thread_record& record, const thread_record* parent_record,
                          std::uint32_t parent) noexcept {
  std::uint64_t key;
  if (record.kind == thread_kind::created && parent_record != nullptr && parent != 0)
    key = mix(mix(3, memory.identities.items[parent - 1].key), record.nth_child);
  else
    key = mix_text(record.kind == thread_kind::worker ? 1 : 2, record.name.c_str());
  const auto is_same = [key](const thread_identity& other) { return other.key == key; };
  if (const std::int64_t found = memory.identities.find(key, is_same); found >= 0)
    return static_cast<std::uint32_t>(found) + 1;
  spin_guard guard(memory.lock);
  if (const std::int64_t found = memory.identities.find(key, is_same); found >= 0)
    return static_cast<std::uint32_t>(found) + 1;
  if (memory.identities.is_full()) {
    memory.lost.fetch_add(1, std::memory_order_relaxed);
    return 0;
  }
  thread_identity& fresh = memory.identities.next();
  fresh.key = key;
  fresh.name.clear();
  fresh.name.add(record.name.c_str());
  return memory.identities.publish(key) + 1;
}

std::uint32_t first_clock(lock_memory& memory, std::uint32_t identity) noexcept {
  return merged(memory, identity, 0, 0);
}

std::uint32_t advanced(lock_memory& memory, std::uint32_t clock) noexcept {
  if (clock == 0) return 0;
  return merged(memory, memory.clocks.items[clock - 1].thread + 1, clock, 0);
}

std::uint32_t merged(lock_memory& memory, std::uint32_t identity, std::uint32_t clock, std::uint32_t from) noexcept {
  if (identity == 0 || identity > widest) return 0;
  spin_guard guard(memory.lock);
  const std::uint32_t used = memory.clock_words_used.load(std::memory_order_relaxed);
  if (used + widest > lock_memory::most_clock_words) {
    memory.lost.fetch_add(1, std::memory_order_relaxed);
    return 0;
  }
  draft made{&memory.clock_words[used]};
  made.add(memory, clock);
  made.add(memory, from);
  const std::uint32_t own = identity - 1;
  made.set(own, (own < made.count ? made.words[own] : 0) + 1);
  return stored(memory, own, made);
}

std::uint32_t component(const lock_memory& memory, std::uint32_t clock, std::uint32_t identity) noexcept {
  const thread_clock& of = memory.clocks.items[clock - 1];
  return identity < of.count ? memory.clock_words[of.first + identity] : 0;
}

bool is_concurrent(const lock_memory& memory, std::uint32_t one, std::uint32_t other) noexcept {
  const std::uint32_t first = memory.clocks.items[one - 1].thread;
  const std::uint32_t second = memory.clocks.items[other - 1].thread;
  return component(memory, one, second) < component(memory, other, second) &&
         component(memory, other, first) < component(memory, one, first);
}

}  // namespace ravel::checks
