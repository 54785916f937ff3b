// SPDX-License-Identifier: MIT
// See event_hash.hpp.
#include "event_hash.hpp"

#include <ravel/finding.hpp>

namespace ravel::detail {

void event_hash::about_to(const controlled_thread& thread, std::uint64_t step) noexcept {
  hash = mix(mix(hash, thread.index), static_cast<std::uint64_t>(thread.pending.what));
  hash = mix(mix(hash, thread.pending.pc), step);
  ++events;
}

void event_hash::switched(const controlled_thread& from, const controlled_thread& to, std::uint64_t step) noexcept {
  hash = mix(mix(mix(hash, from.index), to.index), step);
  ++switches;
}

void event_hash::picked(std::uint32_t which, std::uint32_t of, std::uint64_t step) noexcept {
  hash = mix(mix(mix(hash, which), of), step);
}

}  // namespace ravel::detail
