// SPDX-License-Identifier: MIT
// See repetition.hpp.
#include "repetition.hpp"

#include "frame_jump.hpp"

#include <ravel/raw_stack.hpp>

#include <sys/mman.h>
#include <unwind.h>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace ravel::detail {

namespace {

bool does_read(operation what) noexcept {
  return what == operation::read || what == operation::atomic_load || what == operation::atomic_update;
}

// What a function has that others may not change: registers that calls keep, and its frame and those of its callers.
struct state_at {
  static constexpr int most_frames = 24, frames_told = 5;
  static constexpr std::uintptr_t most_bytes = 4'096;
  std::uintptr_t pc;  // where it made the call
  std::uintptr_t frames_start, frames_end;
  int frames, told;
  std::uint64_t hash;
};

_Unwind_Reason_Code see_frame(_Unwind_Context* context, void* argument) {
  auto& state = *static_cast<state_at*>(argument);
  if (state.told == 0) {
    if (++state.frames > state_at::most_frames) return _URC_END_OF_STACK;
    if (_Unwind_GetIP(context) != state.pc) return _URC_NO_REASON;
    for (const int one : kept_registers) state.hash = mix(state.hash, _Unwind_GetGR(context, one));
    state.frames_start = state.frames_end = _Unwind_GetCFA(context);
  } else {
    state.frames_end = _Unwind_GetCFA(context);
  }
  return ++state.told > state_at::frames_told ? _URC_END_OF_STACK : _URC_NO_REASON;
}

// 0: not known.
std::uint64_t state_of_caller(std::uintptr_t pc) noexcept {
  state_at state{pc, 0, 0, 0, 0, 17};
  _Unwind_Backtrace(see_frame, &state);
  if (state.told == 0) return 0;
  const std::uintptr_t end = std::min(state.frames_end, state.frames_start + state_at::most_bytes);
  for (std::uintptr_t at = state.frames_start; at < end; at += sizeof(std::uint64_t))
    state.hash = mix(state.hash, *reinterpret_cast<const std::uint64_t*>(at));
  return state.hash;
}

// The thread is about to read it anyway, and nobody else runs.
std::uint64_t value_at(const event& what) noexcept {
  std::uint64_t value = 0;
  if (what.object != nullptr && what.bytes <= sizeof value) std::memcpy(&value, what.object, what.bytes);
  return value;
}

}  // namespace

bool repetition::start(bool is_thorough) noexcept {
  is_thorough_ = is_thorough;
  has_accesses_ = false;
  if (steps_ == nullptr) {
    void* memory = mmap(nullptr, sizeof(std::uint64_t) * steps_kept * most_threads, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    steps_ = static_cast<std::uint64_t*>(memory);
  }
  std::fill(std::begin(seen_), std::end(seen_), std::uint64_t{0});
  std::fill(std::begin(places_), std::end(places_), hot_place{});
  return true;
}

void repetition::note(const controlled_thread& thread) noexcept {
  if (thread.index >= most_threads) return;
  const event& what = thread.pending;
  std::uint64_t& seen = seen_[thread.index];
  std::uint64_t step = mix(what.pc, static_cast<std::uint64_t>(what.what));
  step = mix(step, reinterpret_cast<std::uintptr_t>(what.object));
  if (does_read(what.what)) step = mix(step, value_at(what));
  has_accesses_ = has_accesses_ || is_access(what.what);
  if (is_thorough_) {
    const std::uint64_t state = state_of_caller(what.pc);
    step = mix(step, state != 0 ? state : seen);  // not known: no two are the same
  }
  steps_[std::size_t{thread.index} * steps_kept + seen++ % steps_kept] = step;
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
  const std::uint64_t seen = seen_[index];
  const auto known = static_cast<std::uint32_t>(std::min<std::uint64_t>(seen, steps_kept));
  const std::uint64_t* ring = steps_ + std::size_t{index} * steps_kept;
  const auto latest = [&](std::uint32_t back) { return ring[(seen - 1 - back) % steps_kept]; };
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
