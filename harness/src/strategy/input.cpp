// SPDX-License-Identifier: MIT
// See input.hpp. strategy_word[0] of a thread is its next switch, [1] the one after its last, [2] the operation that it
// is in, [3] how many accesses that count it has come to in it.
#include "input.hpp"

#include "base/random.hpp"
#include "default_choice.hpp"

#include <ravel/thread_record.hpp>

#include <algorithm>
#include <tuple>

namespace ravel::detail {

namespace {

bool is_own(const controlled_thread& self) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(self.pending.object);
  return self.record != nullptr && address >= self.record->stack_low && address < self.record->stack_high;
}

// Workers count from 0, the body's thread comes after all of them that an input can name.
std::uint8_t number_of(const controlled_thread& thread) noexcept {
  return static_cast<std::uint8_t>(thread.index == 0 ? 255 : thread.index - 1);
}

controlled_thread* next_from(const choice& at, std::uint8_t wanted) noexcept {
  controlled_thread *first = nullptr, *after = nullptr;
  for (std::uint32_t i = 0; i < at.on_time_count(); ++i) {
    controlled_thread* one = at.ready[i];
    if (one == at.self) continue;
    if (first == nullptr || number_of(*one) < number_of(*first)) first = one;
    if (number_of(*one) >= wanted && (after == nullptr || number_of(*one) < number_of(*after))) after = one;
  }
  return after != nullptr ? after : first;
}

}  // namespace

void input_strategy::follow(const fuzz_input& input) noexcept {
  count_ = static_cast<std::uint32_t>(std::min(input.switches.size(), fuzz_input::most_switches));
  std::copy_n(input.switches.begin(), count_, switches_);
  std::sort(switches_, switches_ + count_, [](const input_switch& a, const input_switch& b) {
    return std::tuple(a.thread, a.operation, a.access, a.to) < std::tuple(b.thread, b.operation, b.access, b.to);
  });
  picks_ = input.picks;
}

void input_strategy::start(std::uint64_t, std::uint64_t) noexcept { picked_ = interrupted_ = 0; }

void input_strategy::thread_created(controlled_thread&, controlled_thread& child) noexcept {
  std::uint32_t first = 0;
  while (first < count_ && switches_[first].thread != number_of(child)) ++first;
  std::uint32_t end = first;
  while (end < count_ && switches_[end].thread == number_of(child)) ++end;
  child.strategy_word[0] = first;
  child.strategy_word[1] = end;
  child.strategy_word[2] = child.strategy_word[3] = 0;
}

bool input_strategy::operation_begins(controlled_thread& self) noexcept {
  ++self.strategy_word[2];
  self.strategy_word[3] = 0;
  std::uint64_t& next = self.strategy_word[0];
  while (next < self.strategy_word[1] && switches_[next].operation < self.strategy_word[2]) ++next;
  return has_more_here(self);
}

bool input_strategy::has_more_here(const controlled_thread& self) const noexcept {
  const std::uint64_t next = self.strategy_word[0];
  return next < self.strategy_word[1] && switches_[next].operation == self.strategy_word[2];
}

// The thread has come to a point. Its switch there, taken off its list.
const input_switch* input_strategy::due(controlled_thread& self) noexcept {
  if (!has_more_here(self) || is_own(self)) return nullptr;
  const std::uint64_t access = self.strategy_word[3]++;
  const input_switch* found = nullptr;
  for (std::uint64_t& next = self.strategy_word[0]; has_more_here(self) && switches_[next].access <= access; ++next)
    if (found == nullptr && switches_[next].access == access) found = &switches_[next];
  return found;
}

decision input_strategy::choose(const choice& at) noexcept {
  controlled_thread* next = default_choice(at);
  if (at.self_steps_back) {
    next = next_from(at, static_cast<std::uint8_t>(number_of(*at.self) + 1));
  } else if (at.self_can_go_on) {
    if (const input_switch* wanted = due(*at.self))
      if (controlled_thread* to = next_from(at, wanted->to)) {
        next = to;
        interruptions_[interrupted_++] = {at.self->pending.pc, to->pending.pc};  // each switch is due once
      }
  }
  if (next == nullptr) next = default_choice(at);
  return {next, has_more_here(*next) ? 1 : unlimited};
}

std::uint32_t input_strategy::pick(std::uint32_t count) noexcept {
  if (picks_ == 0) return 0;
  return static_cast<std::uint32_t>(scale(derive_seed(picks_, picked_++, 0xF1), count));
}

}  // namespace ravel::detail
