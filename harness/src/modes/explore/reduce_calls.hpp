// SPDX-License-Identifier: MIT
// Looks for the fewest calls with which an execution still shows a finding, of those that its body could do without:
// whole threads first, then ever smaller parts, then single calls, each of these with another switch than the script's
// if need be. Parent only. Cost: a probe for each try, within the budget. Source: delta debugging (see minimise.hpp);
// fewer operations as in Lincheck (Koval et al. 2023), of which the schedules tried for each program differ.
#pragma once

#include "fewer_calls.hpp"
#include "strategy/scripted.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace ravel::detail {

// The execution that is reduced, run again with other switches or fewer calls.
struct reducible {
  // Whether the finding shows under this script, without what is left out.
  std::function<bool(const std::vector<scripted_switch>&)> shows;
  // The same; and the trace is of that execution then.
  std::function<bool(const std::vector<scripted_switch>&)> is_traced;
  const trace* seen;
  std::function<void(const std::vector<optional_call>&)> leave_out;
  std::function<bool()> may_go_on;
};

struct fewest_calls {
  std::size_t before = 0;           // calls that the execution made
  std::vector<made_call> left_out;  // of them
  std::vector<scripted_switch> script;
};

// all_may_go: else only calls that nothing depends on. Leaves out what it returns.
[[nodiscard]] fewest_calls reduce_calls(const reducible& execution, std::vector<scripted_switch> script,
                                        bool all_may_go);

}  // namespace ravel::detail
