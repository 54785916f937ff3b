// SPDX-License-Identifier: MIT
// See situations.hpp.
#include "situations.hpp"

#include <algorithm>

namespace ravel::checks::detail {

// While the table grows, the old and the new one are there together: that counts, too.
bool situations::make_room() {
  if (table_.size() < 2 * (count_ + 1)) {
    const std::size_t wanted = table_.empty() ? 64 : table_.size() * 2;
    if (bytes() + wanted * sizeof(entry) > most_bytes_) return false;
    std::vector<entry> larger(wanted);
    for (const entry& one : table_) {
      if (one.key == 0) continue;
      std::size_t place = one.hash & (wanted - 1);
      while (larger[place].key != 0) place = (place + 1) & (wanted - 1);
      larger[place] = one;
    }
    table_ = std::move(larger);
  }
  if (keys_.capacity() - keys_.size() < words_) {
    const std::size_t wanted = std::max(64 * words_, keys_.capacity() + keys_.capacity() / 2);
    if (bytes() + wanted * sizeof(std::uint32_t) > most_bytes_) return false;
    keys_.reserve(wanted);
  }
  return true;
}

situations::added situations::add(const std::vector<std::uint32_t>& positions, const state_identity& state) {
  if (!make_room()) return added::full;
  const std::uint64_t hash = mixed(hash_ ^ state.high * 0x9E3779B97F4A7C15ull, state.low);
  const std::uint32_t words[4] = {static_cast<std::uint32_t>(state.low), static_cast<std::uint32_t>(state.low >> 32),
                                  static_cast<std::uint32_t>(state.high), static_cast<std::uint32_t>(state.high >> 32)};
  std::size_t place = hash & (table_.size() - 1);
  for (; table_[place].key != 0; place = (place + 1) & (table_.size() - 1)) {
    if (table_[place].hash != hash) continue;
    const std::uint32_t* key = keys_.data() + (table_[place].key - 1) * words_;
    if (std::equal(positions.begin(), positions.end(), key) && std::equal(words, words + 4, key + positions.size()))
      return added::known;
  }
  table_[place] = {hash, ++count_};
  keys_.insert(keys_.end(), positions.begin(), positions.end());
  keys_.insert(keys_.end(), words, words + 4);
  return added::fresh;
}

}  // namespace ravel::checks::detail
