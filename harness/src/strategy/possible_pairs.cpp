// SPDX-License-Identifier: MIT
// See possible_pairs.hpp.
#include "possible_pairs.hpp"

namespace ravel::detail {

void possible_pairs::forget() noexcept {
  count_ = place_count_ = objects_ = 0;
  known_places_.clear();
  keys_.clear();
}

void possible_pairs::note(std::uint32_t object, const event& what) noexcept {
  while (objects_ <= object) heads_[objects_++] = 0;
  const std::uint64_t key = std::uint64_t{object} << 48 ^ what.pc;
  std::uint32_t* index = place_count_ < most_places ? known_places_.find_or_add(key) : known_places_.find(key);
  if (index == nullptr) return;
  if (*index == 0) {
    places_[place_count_] = {what.pc, heads_[object], false, false};
    heads_[object] = *index = ++place_count_;
  }
  place& here = places_[*index - 1];
  here.reads = here.reads || does_read(what.what);
  here.writes = here.writes || does_write(what.what);
}

void possible_pairs::add(const reads_from_pair& pair) noexcept {
  const std::uint32_t known = keys_.size();
  if (count_ == most_pairs || keys_.find_or_add(key_of(pair)) == nullptr || keys_.size() == known) return;
  pairs_[count_++] = pair;
}

void possible_pairs::make(const profile& known) noexcept {
  for (std::uint32_t object = 0; object < objects_; ++object) {
    if (!known.is_shared(object)) continue;
    for (std::uint32_t r = heads_[object]; r != 0; r = places_[r - 1].next) {
      if (!places_[r - 1].reads) continue;
      add({places_[r - 1].pc, 0});
      for (std::uint32_t w = heads_[object]; w != 0; w = places_[w - 1].next)
        if (places_[w - 1].writes) add({places_[r - 1].pc, places_[w - 1].pc});
    }
  }
}

}  // namespace ravel::detail
