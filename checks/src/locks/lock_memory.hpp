// SPDX-License-Identifier: MIT
// What the lock checks remember, as plain memory that the parent shares with its children: lock instances,
// what was held when, thread clocks, stacks. Everything is stored once and referred to by index.
// Thread safety: looked up without a lock; added to under one raw spin lock. Zeroed memory is the empty state.
// "kept" things outlive the trial (locks of static storage); "trial" things go when the trial shows no cycle.
#pragma once

#include <ravel/finding.hpp>
#include <ravel/thread_record.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks {

// Index + 1 into an area; the top bit says which: kept or trial. 0: none.
using reference = std::uint32_t;
constexpr reference trial_bit = 1u << 31;
[[nodiscard]] constexpr bool is_of_trial(reference of) noexcept { return (of & trial_bit) != 0; }
[[nodiscard]] constexpr std::uint32_t index_of(reference of) noexcept { return (of & ~trial_bit) - 1; }

// One lock, from its first use to its end.
struct lock_instance {
  const void* address;
  const char* class_name;  // by annotation, else null
  std::uint64_t site;      // hash of the first acquisition's stack: the class of a lock without a name
  std::uint32_t stack;     // that stack
  std::uint32_t serial;
  lock_kind kind;
  bool is_static;

  // What a report calls one thing, and what is compared before instances are.
  [[nodiscard]] std::uint64_t class_key() const noexcept {
    if (class_name != nullptr) return mix_text(5, class_name);
    return is_static ? mix(7, reinterpret_cast<std::uintptr_t>(address)) : site;
  }
};

// A lock held on top of others: the whole chain is what a thread holds.
struct held_node {
  reference below;  // the node this lock was taken on top of; 0: none
  reference instance;
  std::uint32_t thread;  // identity
  std::uint32_t stack;   // of the first acquisition seen in this place
  lock_mode mode;
};

// "held this, wanted that": the edge that cycles are made of.
struct lock_tuple {
  reference held;
  reference wanted;
  std::uint32_t clock;  // who and when
  std::uint32_t stack;  // of the request
  std::uint64_t trial;  // first seen
  lock_mode mode;
  bool is_attempt;  // a try-lock: counts only inside std::lock, where it stands for a blocking request
  bool is_timed;
};

// A thread by creation path, the same in every trial.
struct thread_identity {
  std::uint64_t key;
  fixed_text<48> name;
};

// A thread's vector clock in one stretch of its life. shape: words[first + identity], missing ones are 0
struct thread_clock {
  std::uint32_t thread;
  std::uint32_t first;
  std::uint32_t count;
};

// The raw spin lock: uninstrumented code, so no tool sees an edge through it.
class spin_guard {
 public:
  explicit spin_guard(std::atomic<std::uint32_t>& word) noexcept;
  ~spin_guard() { word_.store(0, std::memory_order_release); }
  spin_guard(const spin_guard&) = delete;
  spin_guard& operator=(const spin_guard&) = delete;

 private:
  std::atomic<std::uint32_t>& word_;
};

// An array with a hash index over it. add() only under the spin lock; find() at any time.
template <class T, std::uint32_t Capacity>
struct interned {
  static constexpr std::uint32_t capacity = Capacity;
  static constexpr std::uint32_t slots = Capacity * 2;
  static_assert((slots & (slots - 1)) == 0);

  std::atomic<std::uint32_t> count;
  std::uint32_t stamp;                      // entries of the index with another stamp are free
  std::atomic<std::uint64_t> index[slots];  // stamp << 32 | position + 1
  T items[Capacity];

  // Position of the item that `is_same` accepts, or -1.
  template <class IsSame>
  [[nodiscard]] std::int64_t find(std::uint64_t hash, IsSame is_same) const noexcept {
    for (std::uint32_t probe = 0; probe < slots; ++probe) {
      const std::uint64_t entry = index[(hash + probe) & (slots - 1)].load(std::memory_order_acquire);
      if (entry == 0 || static_cast<std::uint32_t>(entry >> 32) != stamp) return -1;
      const auto position = static_cast<std::uint32_t>(entry) - 1;
      if (is_same(items[position])) return position;
    }
    return -1;
  }
  [[nodiscard]] bool is_full() const noexcept { return count.load(std::memory_order_relaxed) == Capacity; }
  // The item's place; fill it in, then publish.
  [[nodiscard]] T& next() noexcept { return items[count.load(std::memory_order_relaxed)]; }
  std::uint32_t publish(std::uint64_t hash) noexcept {
    const std::uint32_t position = count.load(std::memory_order_relaxed);
    count.store(position + 1, std::memory_order_release);
    for (std::uint32_t probe = 0; probe < slots; ++probe) {
      auto& slot = index[(hash + probe) & (slots - 1)];
      const std::uint64_t entry = slot.load(std::memory_order_relaxed);
      if (entry != 0 && static_cast<std::uint32_t>(entry >> 32) == stamp) continue;
      // release: whoever finds the position must see the item
      slot.store(static_cast<std::uint64_t>(stamp) << 32 | (position + 1), std::memory_order_release);
      break;
    }
    return position;
  }
  // Keeps the first `kept` items but unlinks all from the index: they are still read, no longer found.
  void restart(std::uint32_t kept) noexcept {
    count.store(kept, std::memory_order_relaxed);
    ++stamp;
  }
};

template <std::uint32_t Instances, std::uint32_t Nodes, std::uint32_t Tuples>
struct lock_area {
  std::atomic<std::uint32_t> instance_count;
  lock_instance instances[Instances];
  interned<held_node, Nodes> nodes;
  interned<lock_tuple, Tuples> tuples;
  static constexpr std::uint32_t instance_capacity = Instances;
};

// Which instance lives at an address now.
struct address_entry {
  std::atomic<std::uintptr_t> address;   // 0: free
  std::atomic<std::uint64_t> instance;   // epoch << 32 | reference; 0: none now
  std::atomic<std::uint32_t> is_reborn;  // static storage, but destroyed before: from then on it lives for a trial
};

enum class misuse : std::uint8_t {
  relock,        // of a lock that the thread holds, in a way that cannot be granted
  shared_again,  // of a lock that the thread holds shared
  unlock_of_another,
  unlock_of_nobody,
  destroyed_held,
  freed_held,
  thread_ended_holding,
  trial_ended_holding,
  waits_without_lock,
};

// A finding made in the child, where the lock's name cannot be read: the parent words it again.
struct misuse_record {
  raw_finding* finding;
  const void* lock;
  misuse what;
  lock_kind kind;
  fixed_text<48> actor, holder;
};

struct lock_memory {
  static constexpr std::uint32_t address_slots = 1u << 16;
  static constexpr std::uint32_t most_misuses = 256;
  static constexpr std::uint32_t most_stacks = 1u << 14;
  static constexpr std::uint32_t most_clock_words = 1u << 22;

  std::atomic<std::uint32_t> lock;
  std::atomic<std::uint32_t> order_only_fails;
  std::atomic<std::uint64_t> epoch;        // trials started in this run; tells this trial's locks from earlier ones
  std::atomic<std::uint32_t> retirements;  // counts up when any instance ends
  std::atomic<std::uint64_t> lost;         // things that found no room
  std::atomic<std::uint32_t> serials;
  std::atomic<std::uint32_t> addresses_used;

  lock_area<1u << 14, 1u << 16, 1u << 16> kept;
  lock_area<1u << 17, 1u << 18, 1u << 18> of_trial;
  interned<raw_stack, most_stacks> stacks;
  interned<thread_identity, 1u << 12> identities;
  interned<thread_clock, 1u << 14> clocks;
  std::atomic<std::uint32_t> clock_words_used;
  std::uint32_t clock_words[most_clock_words];
  address_entry addresses[address_slots];
  std::atomic<std::uint32_t> misuse_count;
  misuse_record misuses[most_misuses];

  // Places of lock calls whose caller's frame was gone when it was asked for: a bit for each, by hash.
  std::atomic<std::uint64_t> early_returns[16];

  [[nodiscard]] bool returns_early(std::uintptr_t pc) const noexcept {
    const std::uint64_t bit = pc * 0x9E3779B97F4A7C15ull >> 54;
    return (early_returns[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) != 0;
  }
  void note_early_return(std::uintptr_t pc) noexcept {
    const std::uint64_t bit = pc * 0x9E3779B97F4A7C15ull >> 54;
    early_returns[bit / 64].fetch_or(1ull << (bit % 64), std::memory_order_relaxed);
  }

  [[nodiscard]] const lock_instance& instance(reference of) const noexcept {
    return is_of_trial(of) ? of_trial.instances[index_of(of)] : kept.instances[index_of(of)];
  }
  [[nodiscard]] lock_instance& instance(reference of) noexcept {
    return is_of_trial(of) ? of_trial.instances[index_of(of)] : kept.instances[index_of(of)];
  }
  [[nodiscard]] const held_node& node(reference of) const noexcept {
    return is_of_trial(of) ? of_trial.nodes.items[index_of(of)] : kept.nodes.items[index_of(of)];
  }
};

}  // namespace ravel::checks
