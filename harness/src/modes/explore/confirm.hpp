// SPDX-License-Identifier: MIT
// Threads that could deadlock, as a check says: can they be brought to it? Executions are directed there, each in a
// process of its own, until one ends in that deadlock, or the number or the time for it is spent.
// Parent only, after the report's findings are made. Cost: a probe for each execution, see probe.hpp.
#pragma once

#include "probe.hpp"

#include "strategy/directed.hpp"

#include <ravel/observer.hpp>

#include <optional>
#include <vector>

namespace ravel::detail {

class confirmer {
 public:
  static constexpr unsigned most_executions = 200;
  static constexpr double seconds = 2;  // for all findings together, but for an execution that has begun

  // Both must outlive it.
  confirmer(supervised_run& run, exploration& explore, prober& probe);

  // Whether there is anything to try for this finding.
  [[nodiscard]] bool is_possible(const finding& told) const { return possible(told) != nullptr; }
  // Counts the executions in the finding. Returns the deadlock, as a finding to be replayed by schedule(), when one
  // came to it.
  [[nodiscard]] std::optional<finding> confirm(finding& told);
  // Of the last execution that confirm directed.
  [[nodiscard]] const kept_schedule* schedule() const noexcept { return schedule_; }

 private:
  [[nodiscard]] const possible_deadlock* possible(const finding& told) const;
  [[nodiscard]] finding deadlock_of(const finding& told, const sighting& seen, std::uint64_t trial) const;

  supervised_run& run_;
  prober& probe_;
  directed_strategy& directed_;
  kept_schedule* schedule_;
  std::vector<possible_deadlock> possible_;
  double left_ = seconds;
};

}  // namespace ravel::detail
