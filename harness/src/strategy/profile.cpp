// SPDX-License-Identifier: MIT
// See profile.hpp.
#include "profile.hpp"

namespace ravel::detail {

void profile::forget() noexcept {
  object_count_ = thread_count_ = 0;
  is_cut_ = false;
  by_address_.clear();
  by_place_.clear();
  by_path_.clear();
  touches_.clear();
}

void profile::thread_created(const controlled_thread& parent, controlled_thread& child) noexcept {
  child.strategy_word[3] = 0;
  std::uint32_t* ordinal = thread_count_ < most_threads ? by_path_.find_or_add(child.path) : nullptr;
  if (ordinal == nullptr) {
    is_cut_ = true;
    return;
  }
  if (*ordinal == 0) *ordinal = ++thread_count_;
  child.strategy_word[3] = *ordinal;
  const std::uint32_t parent_ordinal = &parent == &child ? *ordinal - 1 : profiled_ordinal(parent);
  threads_[*ordinal - 1] = {child.path, parent_ordinal};
  alive_[*ordinal - 1] = &child;
}

object_place profile::place_of(const controlled_thread& by) const noexcept {
  const void* object = by.pending.object;
  const auto address = reinterpret_cast<std::uintptr_t>(object);
  if (is_on_stack_of(by, object)) return {by.path, by.record->stack_high - address};
  for (std::uint32_t i = 0; i < thread_count_; ++i)
    if (is_on_stack_of(*alive_[i], object)) return {alive_[i]->path, alive_[i]->record->stack_high - address};
  return {0, address};
}

std::uint32_t profile::ordinal_of(const controlled_thread& by) noexcept {
  std::uint32_t* known = by_address_.find_or_add(reinterpret_cast<std::uintptr_t>(by.pending.object));
  if (known == nullptr) return none;
  if (*known != 0) return *known - 1;
  const object_place place = place_of(by);
  std::uint32_t* ordinal =
      object_count_ < most_objects ? by_place_.find_or_add(place.owner * 0x9E3779B97F4A7C15ull ^ place.where) : nullptr;
  if (ordinal == nullptr) return none;
  if (*ordinal == 0) {
    objects_[object_count_] = {place, 0, 0, 0};
    *ordinal = ++object_count_;
  }
  *known = *ordinal;
  return *ordinal - 1;
}

std::uint32_t profile::note(const controlled_thread& thread) noexcept {
  const event& what = thread.pending;
  if (what.object == nullptr || !is_orderable(what.what) || thread.strategy_word[3] == 0) return none;
  const std::uint32_t ordinal = ordinal_of(thread);
  std::uint32_t* events =
      ordinal == none ? nullptr : touches_.find_or_add(std::uint64_t{ordinal} << 32 | profiled_ordinal(thread));
  if (events == nullptr) {
    is_cut_ = true;
    return none;
  }
  object& touched = objects_[ordinal];
  touched.threads += (*events)++ == 0 ? 1 : 0;
  touched.changes += is_read_only(what.what) ? 0 : 1;
  ++touched.events;
  return ordinal;
}

std::uint32_t profile::thread_of(std::uint64_t path) noexcept {
  const std::uint32_t* ordinal = by_path_.find(path);
  return ordinal == nullptr ? none : *ordinal - 1;
}

std::uint32_t profile::events_of(std::uint32_t object, std::uint32_t thread) noexcept {
  const std::uint32_t* events = touches_.find(std::uint64_t{object} << 32 | thread);
  return events == nullptr ? 0 : *events;
}

}  // namespace ravel::detail
