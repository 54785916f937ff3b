// SPDX-License-Identifier: MIT
// The live entries of all pools: a hash table of chains in shared memory, one cache line a bucket, which also
// remembers the bucket's last release (for "released twice" and "used after release").
// Thread safety: any thread of the batch's process; a spin bit per bucket and per free list, held for a few
// dozen instructions, never across a call out. Zeroed memory is a valid empty table; start_epoch makes it so
// again in O(1), whatever a process that died in the middle left behind. Cost: find O(1), about 10 ns.
#pragma once

#include <ravel/checks/ledger.hpp>
#include <ravel/fixed_text.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks::detail {

// 64 bytes: millions may be alive. All numbers named *_at are in the stack_table, *_by in the text_table.
// pool, owner and key tell entries apart; the owner is the address of the object that keeps them, or null.
struct entry {
  std::uint32_t next;  // in the chain, or in the free list; 0: last
  std::uint8_t pool;   // 0: not in use
  std::uint8_t home;   // free list it came from
  std::uint8_t shape;  // entry_key::form
  std::uint8_t flags;
  std::uint64_t key;
  const void* owner;
  std::uint32_t trial;
  std::uint32_t generation;
  std::uint16_t held_by, acquired_at;
  std::uint16_t touched_by, touched_at, hint;
  char text[20];  // beginning of a text key

  static constexpr std::uint8_t is_retained = 1, is_transferred = 2;
};
static_assert(sizeof(entry) == 64);

// The last release in a bucket.
struct grave {
  std::uint64_t key;
  const void* owner;
  std::uint32_t epoch, trial;
  std::uint32_t acquired_at, released_at;
  std::uint32_t acquired_by, released_by;
  std::uint32_t pool;
};

struct alignas(64) bucket {
  std::atomic<std::uint64_t> word;  // epoch << 32 | is_locked << 31 | first entry
  grave last_release;
};
static_assert(sizeof(bucket) == 64);

struct alignas(64) free_list {
  std::atomic<std::uint32_t> is_locked;
  std::uint32_t first;
  std::uint32_t next_fresh;  // entries of the list's own part never used so far
  std::uint32_t live;
};

class entry_table {
 public:
  static constexpr std::uint32_t capacity = 1u << 22;
  static constexpr std::uint32_t bucket_count = 1u << 19;
  static constexpr std::uint32_t list_count = 64;
  static constexpr std::uint32_t block = 64;  // entries that a list takes at a time: a page

  // Holds one bucket; all that follows is done with the bucket in hand.
  class held {
   public:
    held(entry_table& table, std::uint32_t pool, const void* owner, std::uint64_t key) noexcept;
    ~held();
    held(const held&) = delete;
    held& operator=(const held&) = delete;

    [[nodiscard]] entry* first() const noexcept;  // of the chain, any pool, owner and key
    [[nodiscard]] entry* after(const entry& entry) const noexcept;
    [[nodiscard]] grave& last_release() const noexcept { return bucket_.last_release; }
    void add(entry& entry) noexcept;
    void remove(entry& entry) noexcept;  // from the chain only; give it back by entry_table::drop

   private:
    entry_table& table_;
    bucket& bucket_;
    std::uint32_t first_;
  };

  // A blank entry, or nullptr when all are in use (counted in refused). list: any number, best the thread's.
  [[nodiscard]] entry* take(std::uint32_t list) noexcept;
  void drop(entry& entry) noexcept;

  // Forgets all entries. One thread only, at the start of a batch.
  void start_epoch() noexcept;
  [[nodiscard]] std::uint32_t epoch() const noexcept { return epoch_; }

  [[nodiscard]] std::uint32_t index_of(const entry& entry) const noexcept {
    return static_cast<std::uint32_t>(&entry - entries_);
  }
  [[nodiscard]] entry& at(std::uint32_t index) noexcept { return entries_[index & (capacity - 1)]; }
  [[nodiscard]] std::uint64_t live() const noexcept;
  // Entries from 1 to below this number belong to this epoch (pool is 0 where not in use); others may not be
  // looked at.
  [[nodiscard]] std::uint32_t used() const noexcept;

  std::atomic<std::uint64_t> refused;  // in this epoch: entries that found no room

 private:
  static std::uint64_t hash_of(std::uint32_t pool, const void* owner, std::uint64_t key) noexcept;
  entry* take_from(free_list& list, std::uint8_t home) noexcept;

  std::uint32_t epoch_;
  std::atomic<std::uint32_t> blocks_given_;
  free_list lists_[list_count];
  bucket buckets_[bucket_count];
  entry entries_[capacity];
};

}  // namespace ravel::checks::detail
