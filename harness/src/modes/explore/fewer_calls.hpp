// SPDX-License-Identifier: MIT
// Which calls an execution made that its body could do without, and what becomes of a script when some are left out.
// Pure. Cost: O(events of the trace); O(switches x calls).
#pragma once

#include "engine/left_out_calls.hpp"
#include "schedule_text.hpp"
#include "strategy/scripted.hpp"
#include "trace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ravel::detail {

struct made_call {
  optional_call which;
  std::string thread;         // its creation path, as tokens name it
  std::uint64_t after, last;  // its events are those of its thread after the one up to the other
  bool is_free;               // nothing else in the body depends on it

  bool operator==(const made_call&) const = default;
};

// In the order in which they began.
[[nodiscard]] std::vector<made_call> calls_of(const trace& trace);

// As a token names them.
[[nodiscard]] std::vector<left_out_range> ranges_of(const std::vector<made_call>& calls);

// The same switches of an execution without these calls, if each thread goes its way otherwise: those after a call that
// is left out are so many events earlier, those inside of it come at its end. Ready to be followed.
[[nodiscard]] std::vector<scripted_switch> script_without(const std::vector<scripted_switch>& script,
                                                          const std::vector<made_call>& left_out);

}  // namespace ravel::detail
