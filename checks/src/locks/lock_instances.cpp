// SPDX-License-Identifier: MIT
// The part of lock_recorder that tells locks apart that lived at the same address one after the other. A lock
// of static storage lives on over trials; any other ends with the trial, when it is destroyed, when its memory
// is freed, or when the stack frame it was in is gone. (A block-scope lock whose frame lives on, re-entered in
// the same trial, stays one instance: neither the C++ library nor the machine tells of the end of a block.)
#include "lock_recorder.hpp"

#include "misuse.hpp"

#include <ravel/symbols.hpp>

#include <link.h>

namespace ravel::checks {

namespace {

std::uint32_t slot_of(const void* lock) noexcept {
  return static_cast<std::uint32_t>((reinterpret_cast<std::uintptr_t>(lock) >> 2) * 0x9E3779B97F4A7C15ull >> 48) %
         lock_memory::address_slots;
}

reference added(auto& area, lock_memory& memory, const lock_instance& made, reference bit) noexcept {
  const std::uint32_t position = area.instance_count.load(std::memory_order_relaxed);
  if (position == area.instance_capacity) {
    memory.lost.fetch_add(1, std::memory_order_relaxed);
    return 0;
  }
  area.instances[position] = made;
  area.instance_count.store(position + 1, std::memory_order_release);
  return (position + 1) | bit;
}

}  // namespace

void lock_recorder::find_static_data() {
  const std::uint64_t loads = loads_so_far();
  if (loads == static_data_loads_ && !static_data_.empty()) return;
  static_data_loads_ = loads;
  static_data_.clear();
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* argument) {
        auto& found = *static_cast<std::vector<data_range>*>(argument);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto& segment = info->dlpi_phdr[i];
          if (segment.p_type == PT_LOAD && (segment.p_flags & PF_W) != 0)
            found.push_back({info->dlpi_addr + segment.p_vaddr, info->dlpi_addr + segment.p_vaddr + segment.p_memsz});
        }
        return 0;
      },
      &static_data_);
}

bool lock_recorder::is_static(const void* lock) const noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(lock);
  for (const data_range& range : static_data_)
    if (address - range.low < range.high - range.low) return true;
  return false;
}

bool lock_recorder::is_on_a_stack(const void* lock) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(lock);
  const thread_record* records = run_->threads();
  for (std::uint32_t i = 0, count = run_->thread_count(); i < count; ++i)
    if (records[i].is_alive.load(std::memory_order_relaxed) != 0 && address >= records[i].stack_low &&
        address < records[i].stack_high)
      return true;
  return false;
}

address_entry* lock_recorder::entry_of(const void* lock) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(lock);
  for (std::uint32_t probe = 0; probe < lock_memory::address_slots; ++probe) {
    address_entry& entry = memory_->addresses[(slot_of(lock) + probe) % lock_memory::address_slots];
    const std::uintptr_t seen = entry.address.load(std::memory_order_acquire);
    if (seen == address) return &entry;
    if (seen == 0) return nullptr;
  }
  return nullptr;
}

// The lock's present instance; one that was not known begins here.
reference lock_recorder::instance_at(thread_record& record, lock_state& state, const void* lock, lock_kind kind,
                                     const char* class_name, const raw_stack* site) noexcept {
  const std::uint64_t epoch = memory_->epoch.load(std::memory_order_relaxed) << 32;
  const auto current = [&](const address_entry& entry) -> reference {
    const std::uint64_t value = entry.instance.load(std::memory_order_acquire);
    const auto found = static_cast<reference>(value);
    return found != 0 && (!is_of_trial(found) || (value >> 32 << 32) == epoch) ? found : 0;
  };
  if (const address_entry* entry = entry_of(lock))
    if (const reference found = current(*entry)) return found;
  const std::uint32_t stack = stack_reference(*site);
  reference made = 0;
  bool is_in_heap = false;
  {
    spin_guard guard(memory_->lock);
    address_entry* entry = entry_of(lock);
    if (entry != nullptr) {
      if (const reference found = current(*entry)) return found;
    } else {
      entry = new_entry(lock);
      if (entry == nullptr) return 0;
    }
    const bool lives_on = is_static(lock);
    lock_instance fresh{lock,
                        class_name,
                        mix_stack(11, *site, acquisition::most_frames),
                        stack,
                        memory_->serials.fetch_add(1, std::memory_order_relaxed) + 1,
                        kind,
                        lives_on};
    made = lives_on && entry->is_reborn.load(std::memory_order_relaxed) == 0
               ? added(memory_->kept, *memory_, fresh, 0)
               : added(memory_->of_trial, *memory_, fresh, trial_bit);
    // release: whoever finds the reference must see the instance
    entry->instance.store(epoch | made, std::memory_order_release);
    is_in_heap = !lives_on;
  }
  if (is_in_heap) note_storage(record, state, lock);
  return made;
}

// Under the spin lock.
address_entry* lock_recorder::new_entry(const void* lock) noexcept {
  if (memory_->addresses_used.load(std::memory_order_relaxed) > lock_memory::address_slots * 7 / 8) {
    memory_->lost.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  for (std::uint32_t probe = 0;; ++probe) {
    address_entry& entry = memory_->addresses[(slot_of(lock) + probe) % lock_memory::address_slots];
    if (entry.address.load(std::memory_order_relaxed) != 0) continue;
    memory_->addresses_used.fetch_add(1, std::memory_order_relaxed);
    entry.instance.store(0, std::memory_order_relaxed);
    entry.is_reborn.store(0, std::memory_order_relaxed);
    entry.address.store(reinterpret_cast<std::uintptr_t>(lock), std::memory_order_release);
    return &entry;
  }
}

// Where to hear of the end of a lock that is not of static storage.
void lock_recorder::note_storage(const thread_record& record, lock_state& state, const void* lock) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(lock);
  if (address >= record.stack_low && address < record.stack_high) {
    if (state.stack_lock_count == lock_state::most_stack_locks) return;  // ends with the trial
    state.stack_locks[state.stack_lock_count++] = address;
    if (address < state.lowest_stack_lock) state.lowest_stack_lock = address;
  } else if (!is_on_a_stack(lock)) {
    note_heap_lock(lock);
  }
}

void lock_recorder::retire(const void* lock) noexcept {
  address_entry* entry = entry_of(lock);
  if (entry == nullptr || static_cast<reference>(entry->instance.load(std::memory_order_relaxed)) == 0) return;
  entry->is_reborn.store(1, std::memory_order_relaxed);
  entry->instance.store(0, std::memory_order_release);
  memory_->retirements.fetch_add(1, std::memory_order_release);
}

// The thread's stack is above these locks now: the frames they were in have returned.
void lock_recorder::retire_popped(lock_state& state, std::uintptr_t frame) noexcept {
  std::uint32_t left = 0;
  state.lowest_stack_lock = ~std::uintptr_t{0};
  for (std::uint32_t i = 0; i < state.stack_lock_count; ++i) {
    const std::uintptr_t address = state.stack_locks[i];
    if (address < frame) {
      retire(reinterpret_cast<const void*>(address));
      continue;
    }
    state.stack_locks[left++] = address;
    if (address < state.lowest_stack_lock) state.lowest_stack_lock = address;
  }
  state.stack_lock_count = left;
}

void lock_recorder::freed(const void* block, std::size_t bytes) noexcept {
  thread_record* record = this_thread();
  if (record == nullptr) return;
  lock_state& state = state_of(*record);
  if (state.is_busy != 0) return;
  state.is_busy = 1;
  const auto begin = reinterpret_cast<std::uintptr_t>(block);
  const std::uintptr_t pc = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  for (std::uint32_t i = state.count; i-- != 0;) {
    const held_lock held = state.held_at(*record, i);
    if (reinterpret_cast<std::uintptr_t>(held.lock) - begin >= bytes) continue;
    if (reports_misuse)
      report_misuse(*this, misuse::freed_held, *record,
                    {held.lock, pc, held.mode, held.kind, request_kind::blocking, nullptr}, {record, i});
    remove(*record, state, i);
  }
  const std::uint32_t count = memory_->of_trial.instance_count.load(std::memory_order_acquire);
  for (std::uint32_t i = instance_mark_; i < count; ++i) {
    const lock_instance& one = memory_->of_trial.instances[i];
    if (reinterpret_cast<std::uintptr_t>(one.address) - begin >= bytes) continue;
    const address_entry* entry = entry_of(one.address);
    if (entry == nullptr ||
        static_cast<reference>(entry->instance.load(std::memory_order_relaxed)) != ((i + 1) | trial_bit))
      continue;
    if (const holding holder = find_holder(*this, one.address, record); holder.record != nullptr && reports_misuse)
      report_misuse(*this, misuse::freed_held, *record,
                    {one.address, pc, lock_mode::exclusive, one.kind, request_kind::blocking, one.class_name}, holder);
    retire(one.address);
  }
  state.is_busy = 0;
}

// Between trials: entries of locks that have ended would fill the table in time.
void lock_recorder::make_room_for_addresses() noexcept {
  if (memory_->addresses_used.load(std::memory_order_relaxed) < lock_memory::address_slots / 2) return;
  struct survivor {
    std::uintptr_t address;
    std::uint64_t instance;
  };
  std::vector<survivor> survivors;
  for (address_entry& entry : memory_->addresses) {
    const std::uint64_t instance = entry.instance.load(std::memory_order_relaxed);
    if (static_cast<reference>(instance) != 0 && !is_of_trial(static_cast<reference>(instance)))
      survivors.push_back({entry.address.load(std::memory_order_relaxed), instance});
    entry.address.store(0, std::memory_order_relaxed);
  }
  memory_->addresses_used.store(0, std::memory_order_relaxed);
  for (const survivor& one : survivors)
    if (address_entry* entry = new_entry(reinterpret_cast<const void*>(one.address)))
      entry->instance.store(one.instance, std::memory_order_relaxed);
}

}  // namespace ravel::checks
