// SPDX-License-Identifier: MIT
// What execution.hpp notes at each event that it looks at, to see who spins (spinning.cpp). Inlined into the few places
// that look: a third of what a look costs.
#pragma once

#include "execution.hpp"

namespace ravel::detail {

// What a thread keeps for itself, such as the time that a sleep is told, or what a failed exchange saw, is no progress.
[[nodiscard]] [[gnu::always_inline]] inline bool is_on_own_stack(const controlled_thread& thread) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(thread.pending.object);
  return thread.record != nullptr && address >= thread.record->stack_low && address < thread.record->stack_high;
}

[[gnu::always_inline]] inline void execution::note_object(controlled_thread& self, const void* object) noexcept {
  for (std::uint32_t i = 0; i < self.few_count; ++i)
    if (self.few[i] == object) return;
  if (self.few_count == controlled_thread::most_few) self.few_count = self.looks = 0;
  if (self.few_count == 0) {
    self.few_points = 0;
    self.few_since = passed_;
  }
  self.few[self.few_count++] = object;
}

[[gnu::always_inline]] inline void execution::note_progress(controlled_thread& self) noexcept {
  const operation what = self.pending.what;
  const bool is_own = is_on_own_stack(self);
  if (!is_read_only(what) && !(is_own && what == operation::write)) {
    ++writes_;
    if (!is_own) {
      last_write_ = passed_;
      self.looks = 0;
    }
    self.reads_in_row = 0;
    self.keeps_notes = false;
    self.write_stamp = writes_;
    return;
  }
  if (self.write_stamp != writes_) {
    if (last_write_ != self.looked_after) ++self.looks;
    self.looked_after = last_write_;
    self.write_stamp = writes_;
    self.reads_in_row = 0;
    self.keeps_notes = false;
  }
  // A variable of its own tells it of others only if it is left to them.
  if (what == operation::write) self.keeps_notes = true;
  if (!is_own || !self.keeps_notes || (what != operation::read && what != operation::write)) ++self.reads_in_row;
}

[[gnu::always_inline]] inline void execution::tell_about(controlled_thread& self, const event& what) noexcept {
  note_object(self, what.object);
  self.pending = what;
  ++self.events;
  note_progress(self);
  if (looks_at_each_) [[unlikely]]
    tell_listeners(self);
}

[[gnu::always_inline]] inline bool execution::is_spinning(controlled_thread& self) noexcept {
  if (!repeats_ && self.reads_in_row < watch_length && self.few_points + passed_ - self.few_since < most_on_few_)
      [[likely]]
    return false;
  return judging_ < judging::by_turns && seems_to_spin(self);
}

}  // namespace ravel::detail
