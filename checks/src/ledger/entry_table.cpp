// SPDX-License-Identifier: MIT
// Hash table of live entries; see entry_table.hpp. Runs on the target's threads: no lock that a tool could
// see, no allocation, no libc call.
#include "entry_table.hpp"

#include "spin.hpp"

namespace ravel::checks::detail {
namespace {

constexpr std::uint64_t lock_bit = 1u << 31;
constexpr std::uint64_t index_mask = lock_bit - 1;

void lock(free_list& list) noexcept {
  for (std::uint32_t turn = 0; list.is_locked.exchange(1, std::memory_order_acquire) != 0; ++turn) give_way(turn);
}
void unlock(free_list& list) noexcept { list.is_locked.store(0, std::memory_order_release); }

}  // namespace

std::uint64_t entry_table::hash_of(std::uint32_t pool, const void* owner, std::uint64_t key) noexcept {
  const std::uint64_t kept_by = reinterpret_cast<std::uintptr_t>(owner) * 0xC2B2AE3D27D4EB4Full;
  std::uint64_t hash = (key ^ kept_by ^ std::uint64_t{pool} << 56) * 0x9E3779B97F4A7C15ull;
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93ull;
  return hash ^ (hash >> 32);
}

entry_table::held::held(entry_table& table, std::uint32_t pool, const void* owner, std::uint64_t key) noexcept
    : table_(table), bucket_(table.buckets_[hash_of(pool, owner, key) & (bucket_count - 1)]), first_(0) {
  const std::uint64_t mine = std::uint64_t{table.epoch_} << 32;
  for (std::uint32_t turn = 0;; ++turn) {
    std::uint64_t word = bucket_.word.load(std::memory_order_relaxed);
    // A word of an earlier epoch, locked or not, is an empty bucket: its process is dead.
    if (word >> 32 != table.epoch_ || (word & lock_bit) == 0) {
      const std::uint64_t first = word >> 32 == table.epoch_ ? word & index_mask : 0;
      if (bucket_.word.compare_exchange_weak(word, mine | lock_bit | first, std::memory_order_acquire,
                                             std::memory_order_relaxed)) {
        first_ = static_cast<std::uint32_t>(first);
        return;
      }
    }
    give_way(turn);
  }
}

entry_table::held::~held() {
  bucket_.word.store(std::uint64_t{table_.epoch_} << 32 | first_, std::memory_order_release);
}

entry* entry_table::held::first() const noexcept { return first_ == 0 ? nullptr : &table_.entries_[first_]; }

entry* entry_table::held::after(const entry& entry) const noexcept {
  return entry.next == 0 ? nullptr : &table_.entries_[entry.next];
}

void entry_table::held::add(entry& entry) noexcept {
  entry.next = first_;
  first_ = table_.index_of(entry);
}

void entry_table::held::remove(entry& entry) noexcept {
  std::uint32_t* link = &first_;
  const std::uint32_t wanted = table_.index_of(entry);
  while (*link != wanted) {
    if (*link == 0) return;
    link = &table_.entries_[*link].next;
  }
  *link = entry.next;
}

// invariant: entry 0 is never given out, because index 0 means none
entry* entry_table::take_from(free_list& list, std::uint8_t home) noexcept {
  if (list.first == 0) {
    if (list.next_fresh % block == 0) {
      if (blocks_given_.load(std::memory_order_relaxed) >= capacity / block) return nullptr;
      const std::uint32_t given = blocks_given_.fetch_add(1, std::memory_order_relaxed);
      if (given >= capacity / block) return nullptr;
      list.next_fresh = given * block;
      for (std::uint32_t i = 0; i < block; ++i) entries_[list.next_fresh + i].pool = 0;  // of an earlier epoch
      if (given == 0) ++list.next_fresh;
    }
    entry& fresh = entries_[list.next_fresh++];
    fresh.home = home;
    ++list.live;
    return &fresh;
  }
  entry& entry = entries_[list.first];
  list.first = entry.next;
  ++list.live;
  return &entry;
}

entry* entry_table::take(std::uint32_t list) noexcept {
  // The thread's own list, and when nothing is left there, any other: entries come home to where they came
  // from, so a list runs dry only when the table is nearly full.
  for (std::uint32_t i = 0; i < list_count; ++i) {
    const std::uint32_t home = (list + i) % list_count;
    free_list& from = lists_[home];
    lock(from);
    entry* taken = take_from(from, static_cast<std::uint8_t>(home));
    unlock(from);
    if (taken != nullptr) return taken;
  }
  refused.fetch_add(1, std::memory_order_relaxed);
  return nullptr;
}

void entry_table::drop(entry& entry) noexcept {
  free_list& list = lists_[entry.home % list_count];
  lock(list);
  entry.pool = 0;
  entry.next = list.first;
  list.first = index_of(entry);
  --list.live;
  unlock(list);
}

void entry_table::start_epoch() noexcept {
  ++epoch_;
  blocks_given_.store(0, std::memory_order_relaxed);
  refused.store(0, std::memory_order_relaxed);
  for (free_list& list : lists_) {
    list.is_locked.store(0, std::memory_order_relaxed);
    list.first = list.next_fresh = list.live = 0;
  }
}

std::uint64_t entry_table::live() const noexcept {
  std::uint64_t sum = 0;
  for (const free_list& list : lists_) sum += list.live;
  return sum;
}

std::uint32_t entry_table::used() const noexcept {
  const std::uint32_t blocks = blocks_given_.load(std::memory_order_relaxed);
  return (blocks < capacity / block ? blocks : capacity / block) * block;
}

}  // namespace ravel::checks::detail
