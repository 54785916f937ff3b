// SPDX-License-Identifier: MIT
// See profile.hpp.
#include "profile.hpp"

#include "module_ranges.hpp"

namespace ravel::detail {

namespace {

// Of the events by which an object can be touched first, those that are alike. A lock or the like is for several
// threads, and whichever comes first is chance; memory is written first by whom it belongs to.
std::uint64_t touch_of(const controlled_thread& by) noexcept {
  std::uint64_t state = by.pending.pc ^ (is_access(by.pending.what) ? rotate_left(by.path, 32) : 0);
  return splitmix(state);
}

object_place place_of_touch(std::uint64_t touch, std::uint32_t before) noexcept {
  return {object_place::on_heap, 0, touch + before};
}

object_place place_on_stack_of(const controlled_thread& thread, const void* object) noexcept {
  return {object_place::on_stack, thread.path, thread.record->stack_high - reinterpret_cast<std::uintptr_t>(object)};
}

}  // namespace

void profile::forget() noexcept {
  object_count_ = thread_count_ = 0;
  is_cut_ = false;
  by_address_.clear();
  by_place_.clear();
  first_.clear();
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

bool profile::is_on_a_stack(const void* object, object_place& place) const noexcept {
  for (std::uint32_t i = 0; i < thread_count_; ++i) {
    const controlled_thread& one = *alive_[i];
    if (one.state == standing::done || !is_on_stack_of(one, object)) continue;
    place = place_on_stack_of(one, object);
    return true;
  }
  return false;
}

bool profile::is_of_ended_thread(const object_place& place) noexcept {
  if (place.is != object_place::on_stack) return false;
  const std::uint32_t* ordinal = by_path_.find(place.owner);
  return ordinal == nullptr || alive_[*ordinal - 1]->state == standing::done;
}

// Not on the thread's own stack, and not touched before.
object_place profile::place_of_other(const controlled_thread& by) noexcept {
  object_place place{object_place::in_module, 0, reinterpret_cast<std::uintptr_t>(by.pending.object)};
  if (is_in_module(by.pending.object) || is_on_a_stack(by.pending.object, place)) return place;
  const std::uint64_t touch = touch_of(by);
  const std::uint32_t* before = first_.find(touch);
  return place_of_touch(touch, before == nullptr ? 0 : *before);
}

std::uint32_t* profile::ordinal_at(const object_place& place) noexcept {
  const std::uint64_t key = (place.owner * 0x9E3779B97F4A7C15ull ^ place.where) + (std::uint64_t{place.is} << 62);
  std::uint32_t* ordinal = object_count_ < most_objects ? by_place_.find_or_add(key) : by_place_.find(key);
  if (ordinal != nullptr && *ordinal == 0) {
    objects_[object_count_] = {place, 0, 0, 0};
    *ordinal = ++object_count_;
  }
  return ordinal;
}

std::uint32_t profile::ordinal_of(const controlled_thread& by) noexcept {
  const void* object = by.pending.object;
  const std::uint32_t* ordinal = nullptr;
  if (is_on_stack_of(by, object)) {
    ordinal = ordinal_at(place_on_stack_of(by, object));
    return ordinal == nullptr ? none : *ordinal - 1;
  }
  std::uint32_t* known = by_address_.find_or_add(reinterpret_cast<std::uintptr_t>(object));
  if (known == nullptr) return none;
  if (*known != 0 && !is_of_ended_thread(objects_[*known - 1].place)) return *known - 1;
  const object_place place = place_of_other(by);
  ordinal = ordinal_at(place);
  if (ordinal == nullptr) return none;
  if (place.is == object_place::on_heap)
    if (std::uint32_t* before = first_.find_or_add(touch_of(by))) ++*before;
  *known = *ordinal;
  return *ordinal - 1;
}

bool profile::is_at_heap_place(const controlled_thread& thread, const object_place& place) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(thread.pending.object);
  if (const std::uint32_t* known = by_address_.find(address); known != nullptr && *known != 0)
    return objects_[*known - 1].place == place;
  const std::uint64_t touch = touch_of(thread);
  const std::uint32_t* before = first_.find(touch);
  if (place_of_touch(touch, before == nullptr ? 0 : *before) != place) return false;
  return !is_on_stack_of(thread, thread.pending.object) && place_of_other(thread) == place;
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
