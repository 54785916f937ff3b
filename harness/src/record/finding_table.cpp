// SPDX-License-Identifier: MIT
// See finding_table.hpp. Compiled without sanitizers and without calls to memcpy or memset.
#include "finding_table.hpp"

#include "shared_run.hpp"

namespace ravel::detail {

namespace {

void count_sighting(finding_slot& slot, std::uint64_t attempt) noexcept {
  slot.sightings.fetch_add(1, std::memory_order_relaxed);  // relaxed: a statistic only
  // relaxed: counts only, read when the writers have ended
  if (slot.last_trial.exchange(attempt, std::memory_order_relaxed) != attempt || attempt == 0)
    slot.trials_seen.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

// relaxed: a new finding more or less is no matter
bool finding_table::has_room_for(finding_kind kind) const noexcept {
  const std::uint32_t taken = used.load(std::memory_order_relaxed);
  if (taken < capacity - kept_free) return true;
  return taken < capacity && of_kind[static_cast<std::uint32_t>(kind) % kinds].load(std::memory_order_relaxed) < few;
}

raw_finding* finding_table::open(finding_kind kind, std::uint64_t signature, std::uint64_t trial) noexcept {
  if (trial != 0 && trial < first_counted.load(std::memory_order_relaxed)) return nullptr;  // relaxed: set before
  std::uint64_t key = mix(signature, static_cast<std::uint64_t>(kind) + 1);
  if (key == 0) key = 1;
  for (std::uint32_t probe = 0; probe < capacity; ++probe) {
    const std::uint32_t place = static_cast<std::uint32_t>((key + probe) % capacity);
    finding_slot& slot = slots[place];
    touched[place / 64].fetch_or(std::uint64_t{1} << place % 64, std::memory_order_relaxed);  // relaxed: as in for_each
    // acquire and acq_rel: the key is all that other writers read; the record is read when is_published says so
    std::uint64_t seen = slot.signature.load(std::memory_order_acquire);
    if (seen == 0 && !has_room_for(kind)) break;  // nor is it further on
    if (seen == 0 && slot.signature.compare_exchange_strong(seen, key, std::memory_order_acq_rel)) {
      of_kind[static_cast<std::uint32_t>(kind) % kinds].fetch_add(1, std::memory_order_relaxed);
      used.fetch_add(1, std::memory_order_relaxed);  // relaxed: read by the parent after the child's end
      slot.first_trial.store(trial, std::memory_order_relaxed);
      slot.record.kind = kind;
      count_sighting(slot, current_attempt());
      return &slot.record;
    }
    if (seen == key) {
      count_sighting(slot, current_attempt());
      return nullptr;
    }
  }
  lost.fetch_add(1, std::memory_order_relaxed);  // relaxed: a statistic only
  return nullptr;
}

}  // namespace ravel::detail

namespace ravel {

raw_finding* open_finding(finding_kind kind, std::uint64_t signature) noexcept {
  detail::shared_run* run = detail::current_shared_run();
  if (run == nullptr) return nullptr;
  return run->findings.open(kind, signature, run->control.trial.load(std::memory_order_relaxed));
}

raw_finding* open_finding(finding_kind kind, std::uint64_t signature, std::uint64_t first_trial) noexcept {
  detail::shared_run* run = detail::current_shared_run();
  return run == nullptr ? nullptr : run->findings.open(kind, signature, first_trial);
}

raw_finding* open_finding_in_forked(finding_kind kind, std::uint64_t signature) noexcept {
  detail::shared_run* run = detail::run_that_forked();
  if (run == nullptr) return nullptr;
  return run->findings.open(kind, signature, run->control.trial.load(std::memory_order_relaxed));
}

void publish(raw_finding* finding) noexcept {
  if (finding == nullptr) return;
  auto* slot = reinterpret_cast<detail::finding_slot*>(reinterpret_cast<char*>(finding) -
                                                       offsetof(detail::finding_slot, record));
  slot->is_published.store(1, std::memory_order_release);  // after the record
}

}  // namespace ravel
