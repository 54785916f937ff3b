// SPDX-License-Identifier: MIT
// See likeness.hpp.
#include "likeness.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

std::uint64_t mix_role(std::uint64_t hash, const char* thread) noexcept {
  // "client#3" is "client": which of several equal threads it was makes no other finding.
  for (; *thread != '\0' && *thread != '#'; ++thread) hash = mix(hash, static_cast<unsigned char>(*thread));
  return hash;
}

}  // namespace

std::uint64_t likeness_of(const raw_finding& finding) noexcept {
  std::uint64_t hash = mix_text(mix(17, static_cast<std::uint64_t>(finding.kind)), finding.what.c_str());
  for (std::uint32_t i = 0; i < std::min(finding.actor_count, raw_finding::max_actors); ++i) {
    const raw_actor& actor = finding.actor[i];
    std::uint64_t part = mix_text(mix_role(23, actor.thread.c_str()), actor.action.c_str());
    part = mix_text(part, actor.object.c_str());
    part = mix(mix_stack(part, actor.stack, 4), actor.place.line);
    hash += part;  // in any order
  }
  return hash;
}

}  // namespace ravel::detail
