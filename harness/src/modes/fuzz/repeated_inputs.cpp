// SPDX-License-Identifier: MIT
// See repeated_inputs.hpp.
#include "repeated_inputs.hpp"

namespace ravel::detail {

seen_execution seen_of(const execution& execution, const schedule_log& log) noexcept {
  std::uint64_t hash = log.count;
  for (std::uint32_t i = 0; i < log.count; ++i)
    hash = mix(hash, log.decisions[i].step << 20 | log.decisions[i].value << 2 |
                         static_cast<std::uint32_t>(log.decisions[i].kind));
  return {execution.points(), hash};
}

void repeated_inputs::note(input_bytes bytes, const seen_execution& seen) {
  if (latest_.size() < kept) latest_.emplace_back();
  one& place = latest_[count_ % kept];
  place.bytes.assign(bytes.begin(), bytes.end());
  place.seen = seen;
  ++count_;
}

std::string repeated_inputs::differs(const std::function<seen_execution(input_bytes)>& run) {
  if (is_told_ || count_ % every != 0) return {};
  const one earlier = latest_[count_ / every * 37 % latest_.size()];
  const seen_execution again = run(earlier.bytes);
  if (again == earlier.seen) return {};
  is_told_ = true;
  const std::string how = again.points != earlier.seen.points
                              ? std::to_string(earlier.seen.points) + " points, then " + std::to_string(again.points)
                              : "other decisions at as many points";
  return "of the target: an input of " + std::to_string(earlier.bytes.size()) +
         " bytes was run again and did something else (" + how +
         "). Saved inputs may not show what they found. Its cause is state that outlives an input (statics, "
         "thread-locals), addresses, time or chance; this is said once.";
}

}  // namespace ravel::detail
