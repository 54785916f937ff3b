// SPDX-License-Identifier: MIT
// The ledger's operations, on the target's own threads: no allocation, no lock that a tool could see.
// Each looks up its thread's name and its stack first, then holds one bucket for a few instructions.
// Cost: measured in tests/bench; 64 bytes of shared memory an entry.
#include "ledger_area.hpp"

#include <ravel/checks/ledger.hpp>
#include <ravel/usage_error.hpp>

namespace ravel::checks {
namespace detail {
namespace {

// The parent's; children inherit it. Written between runs only.
ledger_area* area = nullptr;

stored_key stored(const entry_key& key) noexcept {
  stored_key result;
  result.value = key.value;
  result.shape = static_cast<std::uint8_t>(key.shape);
  result.text[0] = '\0';
  if (key.shape != entry_key::form::text) return result;
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (std::size_t i = 0; i < key.text_size; ++i) hash = mix(hash, static_cast<unsigned char>(key.text[i]));
  result.value = hash;
  constexpr std::size_t room = sizeof result.text - 1;
  const bool is_cut = key.text_size > room;
  const std::size_t shown = is_cut ? room - 3 : key.text_size;
  for (std::size_t i = 0; i < shown; ++i) result.text[i] = key.text[i];
  for (std::size_t i = shown; is_cut && i < room; ++i) result.text[i] = '.';
  result.text[is_cut ? room : shown] = '\0';
  return result;
}

bool is_entry(const entry& entry, std::uint32_t pool, const void* owner, std::uint64_t key) noexcept {
  return entry.pool == pool && entry.owner == owner && entry.key == key;
}

// The thread's own holding if it has one, else the oldest: the last in the chain.
entry* holding_of(const entry_table::held& bucket, const sighting& now) noexcept {
  entry* found = nullptr;
  for (entry* entry = bucket.first(); entry != nullptr; entry = bucket.after(*entry)) {
    if (!is_entry(*entry, now.pool, now.owner, now.key.value)) continue;
    if (entry->held_by == now.by) return entry;
    found = entry;
  }
  return found;
}

entry* entry_of(const entry_table::held& bucket, entry_table& table, const ticket_id& id) noexcept {
  for (entry* entry = bucket.first(); entry != nullptr; entry = bucket.after(*entry))
    if (table.index_of(*entry) == id.entry) return entry->generation == id.generation ? entry : nullptr;
  return nullptr;
}

// "client" owns for all of "client#0", "client#1", ...
bool is_owner(const char* owner, const char* thread) noexcept {
  std::size_t i = 0;
  while (owner[i] != '\0' && owner[i] == thread[i]) ++i;
  return owner[i] == '\0' && (thread[i] == '\0' || thread[i] == '#');
}

// Takes the entry out of its bucket and writes the grave. Leaves the bucket to the caller.
void bury(ledger_area& area, entry_table::held& bucket, entry& entry, std::uint32_t by, std::uint32_t at) noexcept {
  bucket.remove(entry);
  grave& grave = bucket.last_release();
  grave.key = entry.key;
  grave.owner = entry.owner;
  grave.epoch = area.entries.epoch();
  grave.trial = entry.trial;
  grave.acquired_at = entry.acquired_at;
  grave.acquired_by = entry.held_by;
  grave.released_at = at;
  grave.released_by = by;
  grave.pool = entry.pool;
}

sighting seen_now(ledger_area& area, std::uint32_t pool, const void* owner, std::uint32_t at) noexcept {
  sighting now;
  now.pool = pool;
  now.owner = owner;
  now.by = this_thread_name(area);
  now.at = at;
  return now;
}

void release_entry(ledger_area& area, sighting& now, const ticket_id* ticket) noexcept {
  const bool is_owned = area.pools[now.pool].options.only_owner_releases;
  grave last;
  entry copy;
  enum { done, missing, foreign } outcome = done;
  entry* found = nullptr;
  {
    entry_table::held bucket{area.entries, now.pool, now.owner, now.key.value};
    found = ticket != nullptr ? entry_of(bucket, area.entries, *ticket) : holding_of(bucket, now);
    if (found == nullptr) {
      copy_bytes(&last, &bucket.last_release(), sizeof last);
      outcome = missing;
    } else {
      if (is_owned && found->held_by != now.by &&
          !is_owner(area.texts.text_of(found->held_by), area.texts.text_of(now.by))) {
        copy_bytes(&copy, found, sizeof copy);
        outcome = foreign;
      }
      area.stacks.count_release(found->acquired_at, now.at, now.by);
      bury(area, bucket, *found, now.by, now.at);
    }
  }
  if (found != nullptr) area.entries.drop(*found);
  if (outcome == missing) report_missing_entry(area, finding_kind::double_release, now, last, nullptr);
  if (outcome == foreign) report_foreign_release(area, now, copy);
}

enum class touch { plain, transfer };

void touch_entry(ledger_area& area, sighting& now, const ticket_id* ticket, const char* text, touch how) noexcept {
  const std::uint32_t number = text != nullptr ? area.texts.number_of(text) : text_table::unknown;
  grave last;
  {
    entry_table::held bucket{area.entries, now.pool, now.owner, now.key.value};
    entry* found = ticket != nullptr ? entry_of(bucket, area.entries, *ticket) : holding_of(bucket, now);
    if (found != nullptr) {
      found->touched_by = static_cast<std::uint16_t>(now.by);
      found->touched_at = static_cast<std::uint16_t>(now.at);
      found->hint = static_cast<std::uint16_t>(number);
      if (how == touch::transfer) {
        found->held_by = static_cast<std::uint16_t>(number);
        found->flags |= entry::is_transferred;
      }
      return;
    }
    copy_bytes(&last, &bucket.last_release(), sizeof last);
  }
  report_missing_entry(area, finding_kind::use_after_release, now, last, text);
}

}  // namespace

ledger_area* area_in_use() noexcept { return area != nullptr && current_run() != nullptr ? area : nullptr; }
void use_area(ledger_area* used) noexcept { area = used; }

std::uint32_t this_thread_name(ledger_area& area) noexcept {
  thread_record* thread = this_thread();
  if (thread == nullptr) return area.texts.number_of("a thread that Ravel does not know");
  // The number in the low half; the high half marks it as set.
  const std::uint64_t word = thread->check_word[ledger_word];
  if (word != 0) return static_cast<std::uint32_t>(word);
  const std::uint32_t number = area.texts.number_of(thread->name.c_str());
  thread->check_word[ledger_word] = std::uint64_t{1} << 32 | number;
  return number;
}

std::uint32_t ledger_area::pool_named(const char* name) noexcept {
  const std::uint64_t hash = mix_text(0x706F6F6Cull, name) | 1;
  for (std::uint32_t i = 1; i < pool_capacity; ++i) {
    pool_record& pool = pools[i];
    std::uint64_t seen = pool.hash.load(std::memory_order_acquire);
    if (seen == 0 && pool.hash.compare_exchange_strong(seen, hash, std::memory_order_acq_rel)) {
      pool.name.add(name);
      pool.is_ready.store(1, std::memory_order_release);
      return i;
    }
    if (seen == hash) return i;
  }
  return 0;
}

ticket_id entry_acquired(std::uint32_t pool, const void* owner, const entry_key& key) noexcept {
  ledger_area* area = area_in_use();
  if (area == nullptr || pool == 0) return {};
  const std::uint32_t at = area->stacks.here();
  const std::uint32_t by = this_thread_name(*area);
  const stored_key stored_as = stored(key);
  entry* entry = area->entries.take(by);
  if (entry == nullptr) {
    area->pools[pool].untracked.fetch_add(1, std::memory_order_relaxed);
    return {};
  }
  entry->pool = static_cast<std::uint8_t>(pool);
  entry->shape = stored_as.shape;
  entry->flags = 0;
  entry->key = stored_as.value;
  entry->owner = owner;
  entry->trial = static_cast<std::uint32_t>(current_run()->trial());
  entry->held_by = static_cast<std::uint16_t>(by);
  entry->acquired_at = static_cast<std::uint16_t>(at);
  entry->touched_by = entry->touched_at = entry->hint = 0;
  if (key.text != nullptr) copy_bytes(entry->text, stored_as.text, sizeof entry->text);
  const ticket_id id{area->entries.index_of(*entry), ++entry->generation, stored_as.value, owner, key.shape};
  entry_table::held bucket{area->entries, pool, owner, stored_as.value};
  bucket.add(*entry);
  return id;
}

void entry_released(std::uint32_t pool, const void* owner, const entry_key& key) noexcept {
  ledger_area* area = area_in_use();
  if (area == nullptr || pool == 0) return;
  sighting now = seen_now(*area, pool, owner, area->stacks.here());
  now.key = stored(key);
  release_entry(*area, now, nullptr);
}

void entry_touched(std::uint32_t pool, const void* owner, const entry_key& key, const char* hint) noexcept {
  ledger_area* area = area_in_use();
  if (area == nullptr || pool == 0) return;
  sighting now = seen_now(*area, pool, owner, area->stacks.here());
  now.key = stored(key);
  touch_entry(*area, now, nullptr, hint, touch::plain);
}

void entry_transferred(std::uint32_t pool, const void* owner, const entry_key& key, const char* to) noexcept {
  ledger_area* area = area_in_use();
  if (area == nullptr || pool == 0) return;
  sighting now = seen_now(*area, pool, owner, area->stacks.here());
  now.key = stored(key);
  touch_entry(*area, now, nullptr, to, touch::transfer);
}

namespace {

// The text of a text key is in the entry still, unless that has been given to somebody else.
stored_key stored(ledger_area& area, const ticket_id& id) noexcept {
  stored_key result;
  result.value = id.key;
  result.shape = static_cast<std::uint8_t>(id.shape);
  result.text[0] = '\0';
  const entry& entry = area.entries.at(id.entry);
  if (id.shape == entry_key::form::text && entry.generation == id.generation)
    copy_bytes(result.text, entry.text, sizeof result.text);
  return result;
}

}  // namespace

void ticket_released(std::uint32_t pool, const ticket_id& ticket) noexcept {
  ledger_area* area = area_in_use();
  if (area == nullptr || pool == 0) return;
  sighting now = seen_now(*area, pool, ticket.owner, area->stacks.here());
  now.key = stored(*area, ticket);
  release_entry(*area, now, &ticket);
}

void ticket_touched(std::uint32_t pool, const ticket_id& ticket, const char* hint) noexcept {
  ledger_area* area = area_in_use();
  if (area == nullptr || pool == 0) return;
  sighting now = seen_now(*area, pool, ticket.owner, area->stacks.here());
  now.key = stored(*area, ticket);
  touch_entry(*area, now, &ticket, hint, touch::plain);
}

void ticket_transferred(std::uint32_t pool, const ticket_id& ticket, const char* to) noexcept {
  ledger_area* area = area_in_use();
  if (area == nullptr || pool == 0) return;
  sighting now = seen_now(*area, pool, ticket.owner, area->stacks.here());
  now.key = stored(*area, ticket);
  touch_entry(*area, now, &ticket, to, touch::transfer);
}

void entry_retained(std::uint32_t pool, const void* owner, const entry_key& key, const char* reason) noexcept {
  ledger_area* area = area_in_use();
  if (area == nullptr || pool == 0) return;
  const stored_key wanted = stored(key);
  area->pools[pool].reason.store(area->texts.number_of(reason), std::memory_order_relaxed);
  entry_table::held bucket{area->entries, pool, owner, wanted.value};
  for (entry* entry = bucket.first(); entry != nullptr; entry = bucket.after(*entry))
    if (is_entry(*entry, pool, owner, wanted.value)) entry->flags |= entry::is_retained;
}

}  // namespace detail

ledger::ledger(trial& trial, const char* pool, ledger_options options) : ledger(trial, pool, nullptr, options) {}

ledger::ledger(trial&, const char* pool, const void* owner, ledger_options options) : pool_(0), owner_(owner) {
  if (pool == nullptr || *pool == '\0')
    throw usage_error("ravel::checks::ledger: the pool has no name. Write: ledger entries{trial, \"sessions\"};");
  detail::ledger_area* area = detail::area_in_use();
  if (area == nullptr) return;  // switched off by name
  pool_ = area->pool_named(pool);
  if (pool_ == 0)
    throw usage_error(
        "ravel::checks::ledger: 255 pools are in use already. Give one ledger to entries of one kind, "
        "and tell them apart by key.");
  area->pools[pool_].options = options;
}

void ledger::expect_retained_entries(std::uint64_t count, const char* reason) noexcept {
  detail::ledger_area* area = detail::area_in_use();
  if (area == nullptr || pool_ == 0) return;
  detail::pool_record& pool = area->pools[pool_];
  pool.expected_entries.store(count, std::memory_order_relaxed);
  pool.reason.store(area->texts.number_of(reason), std::memory_order_relaxed);
}

void ledger::retained_bytes(std::uint64_t bytes) noexcept {
  detail::ledger_area* area = detail::area_in_use();
  if (area == nullptr || pool_ == 0) return;
  detail::pool_record& pool = area->pools[pool_];
  pool.bytes.store(bytes, std::memory_order_relaxed);
  pool.has_bytes.store(1, std::memory_order_relaxed);
}

}  // namespace ravel::checks
