// SPDX-License-Identifier: MIT
// See repetition.hpp.
#include "repetition.hpp"

#include <ravel/raw_stack.hpp>

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace ravel::detail {

namespace {

bool does_read(operation what) noexcept {
  return what == operation::read || what == operation::atomic_load || what == operation::atomic_update;
}

bool does_change(operation what) noexcept {
  switch (what) {
    case operation::lock:
    case operation::lock_shared:
    case operation::unlock:
    case operation::signal:
    case operation::broadcast:
    case operation::create:
    case operation::join:
    case operation::acquire:
    case operation::release:
    case operation::output: return true;
    default: return false;
  }
}

// The thread is about to read it anyway, and nobody else runs.
std::uint64_t value_at(const event& what) noexcept {
  std::uint64_t value = 0;
  if (what.object != nullptr && what.bytes <= sizeof value) std::memcpy(&value, what.object, what.bytes);
  return value;
}

}  // namespace

bool repetition::start() noexcept {
  if (steps_ == nullptr) {
    void* memory = mmap(nullptr, sizeof(std::uint64_t) * steps_kept * most_threads, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    steps_ = static_cast<std::uint64_t*>(memory);
  }
  std::fill(std::begin(seen_), std::end(seen_), thread_steps{});
  std::fill(std::begin(places_), std::end(places_), hot_place{});
  return true;
}

void repetition::note(const controlled_thread& thread) noexcept {
  if (thread.index >= most_threads) return;
  const event& what = thread.pending;
  thread_steps& seen = seen_[thread.index];
  std::uint64_t step = mix(what.pc, static_cast<std::uint64_t>(what.what));
  step = mix(step, reinterpret_cast<std::uintptr_t>(what.object));
  if (does_read(what.what)) {
    seen.has_read = true;
    step = mix(step, value_at(what));
  }
  seen.has_changed = seen.has_changed || does_change(what.what);
  steps_[std::size_t{thread.index} * steps_kept + seen.steps++ % steps_kept] = step;
  for (std::uint32_t probe = 0, at = static_cast<std::uint32_t>(mix(what.pc, thread.index)); probe < 8; ++probe, ++at) {
    hot_place& place = places_[at % most_places];
    if (place.times != 0 && (place.pc != what.pc || place.thread != thread.index)) continue;
    place.pc = what.pc;
    place.thread = thread.index;
    ++place.times;
    return;
  }
}

bool repetition::is_one_loop(std::uint32_t index) const noexcept {
  if (index >= most_threads) return false;
  const thread_steps& seen = seen_[index];
  if (seen.has_changed && !seen.has_read) return false;
  const auto known = static_cast<std::uint32_t>(std::min<std::uint64_t>(seen.steps, steps_kept));
  const std::uint64_t* ring = steps_ + std::size_t{index} * steps_kept;
  const auto latest = [&](std::uint32_t back) { return ring[(seen.steps - 1 - back) % steps_kept]; };
  for (std::uint32_t period = 1; period <= known / (fewest_times + 1); ++period) {
    std::uint32_t same = 0;
    while (same < fewest_times * period && latest(same) == latest(same + period)) ++same;
    if (same == fewest_times * period) return true;
  }
  return false;
}

std::uint32_t repetition::hottest(hot_place (&places)[most_hot], std::uint64_t& all) const noexcept {
  std::uint32_t count = 0;
  all = 0;
  for (const hot_place& one : places_) {
    all += one.times;
    if (one.times == 0 || one.pc == 0) continue;
    std::uint32_t at = 0;
    while (at < count && places[at].times >= one.times) ++at;
    if (at == most_hot) continue;
    count = std::min(count + 1, most_hot);
    for (std::uint32_t i = count - 1; i > at; --i) places[i] = places[i - 1];
    places[at] = one;
  }
  return count;
}

}  // namespace ravel::detail
