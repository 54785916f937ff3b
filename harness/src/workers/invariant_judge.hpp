// SPDX-License-Identifier: MIT
// Judges the invariants in force: at points, where the last operation in flight ends, and where no thread runs.
// Thread safety: whoever runs alone: the thread in control, or the body's. Cost: a call of each invariant.
#pragma once

#include "engine/event_listener.hpp"
#include "record/invariant_table.hpp"

#include <ravel/invariant.hpp>

namespace ravel::detail {

class invariant_judge final : public point_watcher {
 public:
  // table: of the run; the run's own processes only.
  void begin(standing_invariant& one, invariant_table& table);
  void end(standing_invariant& one) noexcept;
  // However the body ended: none is in force.
  void forget() noexcept { latest_ = nullptr; }
  // No thread of the phase runs.
  void judge_quiescent() noexcept;
  void judge_quiescent(standing_invariant& one) noexcept;

  void at_point(controlled_thread& self, const event& last) noexcept override;
  void operations_ended(controlled_thread& self) noexcept override;

 private:
  enum class verdict_here : unsigned char { holds, broken, throws, waits };

  // With the text of what was thrown.
  static verdict_here look(standing_invariant& one, fixed_text<256>& thrown) noexcept;
  static void judge(standing_invariant& one, broken_invariant& where) noexcept;
  // next: a word.
  static void judge_at_point(standing_invariant& one, const event& last, const char* next) noexcept;

  standing_invariant* latest_ = nullptr;
};

}  // namespace ravel::detail
