// SPDX-License-Identifier: MIT
// What the scheduler knows of a lock, condition, semaphore, futex word, ...: who has it, and who waits for it. Found by
// address; forgotten when the execution ends. One table for a process, used by the thread in control only.
// Cost: a few hash probes; 64 bytes an object, in pages that cost nothing until used. The first objects are close
// together, because a process that runs a single execution pays for each page that it touches.
#pragma once

#include "controlled_thread.hpp"

#include <cstdint>

namespace ravel::detail {

struct alignas(64) sync_object {
  const void* address;
  std::uint64_t generation;  // of the table: an older one is free
  controlled_thread* owner;  // who has it exclusively
  controlled_thread* first_waiter;
  controlled_thread* last_waiter;
  std::uint32_t depth;    // of a recursive lock; rounds of a barrier
  std::uint32_t sharers;  // who have it shared
  std::uint32_t count;    // for its user: arrivals at a barrier, state of a once, ...
  bool is_robust;         // a mutex that outlives its owner
  bool is_owner_dead;     // whose owner has ended with it

  [[nodiscard]] bool is_free_for(operation what) const noexcept {
    return owner == nullptr && (sharers == 0 || what == operation::lock_shared);
  }
  void add(controlled_thread& thread) noexcept {
    thread.waits_on = this;
    thread.next_waiter = nullptr;
    thread.previous_waiter = last_waiter;
    (last_waiter == nullptr ? first_waiter : last_waiter->next_waiter) = &thread;
    last_waiter = &thread;
  }
  void remove(controlled_thread& thread) noexcept {
    (thread.previous_waiter == nullptr ? first_waiter : thread.previous_waiter->next_waiter) = thread.next_waiter;
    (thread.next_waiter == nullptr ? last_waiter : thread.next_waiter->previous_waiter) = thread.previous_waiter;
    thread.waits_on = nullptr;
  }
};

class sync_objects {
 public:
  static constexpr std::uint32_t capacity_bits = 20, capacity = 1u << capacity_bits;

  // The object at this address, fresh if it was not known. nullptr when the table is full.
  [[gnu::always_inline]] sync_object* find(const void* address) noexcept {
    const std::uint64_t hash = hash_of(address);
    if (first_ != nullptr) [[likely]] {
      sync_object& one = first_[(hash >> 48) % first_capacity];
      if (one.address == address && one.generation == generation_) [[likely]]
        return &one;
    }
    return search(address, hash);
  }
  // Calls act(object) for each that is known.
  template <class Act>
  void each(Act act) noexcept {
    if (first_ == nullptr) return;
    std::uint32_t left = used_;
    for (std::uint32_t i = 0; i < first_capacity; ++i)
      if (first_[i].generation == generation_) act(first_[i]);
    for (std::uint32_t i = 0; i < capacity && left != 0; ++i)
      if (table_[i].generation == generation_) --left, act(table_[i]);
  }
  void forget_all() noexcept {
    ++generation_;
    used_ = 0;
  }

 private:
  static constexpr std::uint32_t first_capacity = 128, first_probes = 4;

  static std::uint64_t hash_of(const void* address) noexcept {
    return (reinterpret_cast<std::uintptr_t>(address) >> 2) * 0x9E3779B97F4A7C15ull;
  }
  static std::uint32_t place_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> (64 - capacity_bits));
  }
  sync_object* search(const void* address, std::uint64_t hash) noexcept;
  bool make_tables() noexcept;
  sync_object* take(sync_object& free, const void* address) noexcept;

  // invariant: an object is in table_ only if its places in first_ were taken by others before; none is ever removed
  sync_object* first_ = nullptr;
  sync_object* table_ = nullptr;
  std::uint64_t generation_ = 1;
  std::uint32_t used_ = 0;
};

}  // namespace ravel::detail
