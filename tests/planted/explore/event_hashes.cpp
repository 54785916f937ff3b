// SPDX-License-Identifier: MIT
// See event_hashes.hpp.
#include "event_hashes.hpp"

#include <ravel/finding.hpp>

namespace explored {

using ravel::detail::controlled_thread;

void event_hashes::add(const logged_line& line) noexcept {
  if (trial_ > most_trials) return;
  std::uint64_t& hash = hash_[trial_];
  for (const std::uint64_t value : {static_cast<std::uint64_t>(line.what), line.first, line.second, line.object,
                                    static_cast<std::uint64_t>(line.pc), line.step})
    hash = ravel::mix(hash + 1, value);
  if (lines_[trial_] < most_lines) kept_[trial_][lines_[trial_]] = line;
  ++lines_[trial_];
}

std::uint64_t event_hashes::number_of(const void* object) noexcept {
  if (object == nullptr) return 0;
  std::uint64_t place = ravel::mix(7, reinterpret_cast<std::uintptr_t>(object)) % most_objects;
  for (std::uint32_t tries = 0; tries < most_objects; ++tries, place = (place + 1) % most_objects) {
    known_object& known = objects_[place];
    if (known.trial != trial_) {
      known.address = object;
      known.trial = trial_;
      known.number = ++numbers_;
    }
    if (known.address == object) return known.number;
  }
  return ~std::uint64_t{0};
}

void event_hashes::about_to(const controlled_thread& thread, std::uint64_t step) noexcept {
  if (log_->trial != trial_) {
    trial_ = log_->trial;
    numbers_ = 0;
  }
  const std::uint64_t what = static_cast<std::uint64_t>(thread.pending.what) << 32 | thread.pending.bytes;
  const bool is_numbered = !reuses_memory_ || !is_access(thread.pending.what);
  add({'e', thread.path, what, is_numbered ? number_of(thread.pending.object) : 0, thread.pending.pc, step});
}

void event_hashes::switched(const controlled_thread& from, const controlled_thread& to, std::uint64_t step) noexcept {
  trial_ = log_->trial;
  add({'s', from.path, to.path, 0, 0, step});
}

void event_hashes::picked(std::uint32_t which, std::uint32_t of, std::uint64_t step) noexcept {
  trial_ = log_->trial;
  add({'p', which, of, 0, 0, step});
}

}  // namespace explored
