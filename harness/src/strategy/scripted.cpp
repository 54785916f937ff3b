// SPDX-License-Identifier: MIT
// See scripted.hpp. strategy_word[0] of a thread is its next switch in the script, [1] the one after its last, [2] the
// next that may be one where it waits.
#include "scripted.hpp"

#include "default_choice.hpp"
#include "engine/engine.hpp"

namespace ravel::detail {

void scripted_strategy::start(std::uint64_t, std::uint64_t) noexcept {}

void scripted_strategy::thread_created(controlled_thread&, controlled_thread& child) noexcept {
  std::uint32_t first = 0;
  while (first < script_->count && script_->switches[first].thread != child.path) ++first;
  std::uint32_t end = first;
  while (end < script_->count && script_->switches[end].thread == child.path) ++end;
  child.strategy_word[0] = first;
  child.strategy_word[1] = end;
  child.strategy_word[2] = first;
}

// Compilers differ in what comes just before a thread waits: an event in the script stands for the first place from it
// on. Of several that it has come to, the latest counts; the others had no place in this execution.
const scripted_switch* scripted_strategy::due_where_it_waits(controlled_thread& self) const noexcept {
  std::uint64_t& next = self.strategy_word[2];
  const scripted_switch* latest = nullptr;
  for (std::uint64_t i = next; i < self.strategy_word[1] && script_->switches[i].event <= self.events; ++i) {
    const scripted_switch& one = script_->switches[i];
    if (one.kind == decision_kind::forced && (latest == nullptr || latest->event != one.event)) latest = &one;
  }
  if (latest != nullptr) next = static_cast<std::uint64_t>(latest - script_->switches) + 1;
  return latest;
}

const scripted_switch* scripted_strategy::due(controlled_thread& self, decision_kind kind) const noexcept {
  std::uint64_t& next = self.strategy_word[0];
  const std::uint64_t end = self.strategy_word[1];
  while (next < end && script_->switches[next].event < self.events) ++next;
  for (std::uint64_t i = next; i < end && script_->switches[i].event == self.events; ++i)
    if (script_->switches[i].kind == kind) {
      next = i + 1;
      return &script_->switches[i];
    }
  return nullptr;
}

decision scripted_strategy::choose(const choice& at) noexcept {
  controlled_thread* next = default_choice(at);
  if (const scripted_switch* wanted =
          at.self_can_go_on ? due(*at.self, decision_kind::at_point) : due_where_it_waits(*at.self))
    for (std::uint32_t i = 0; i < at.ready_count; ++i)
      if (at.ready[i]->path == wanted->to) next = at.ready[i];
  return {next, 1};
}

std::uint32_t scripted_strategy::pick(std::uint32_t count) noexcept {
  const scripted_switch* wanted = control.running == nullptr ? nullptr : due(*control.running, decision_kind::pick);
  return wanted != nullptr && wanted->to < count ? static_cast<std::uint32_t>(wanted->to) : 0;
}

}  // namespace ravel::detail
