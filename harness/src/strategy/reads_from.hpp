// SPDX-License-Identifier: MIT
// Which event sees what which other event left behind, by places in the code: pairs (reader, writer) of one execution,
// and who wrote each object last. A lock counts as read when it is taken and as written when it is given back. The
// place 0 stands for what was there at the start. Lives in zeroed shared memory. Not thread safe. Cost: two or three
// hash probes an event.
#pragma once

#include "engine/controlled_thread.hpp"
#include "fixed_map.hpp"

#include <cstdint>

namespace ravel::detail {

struct reads_from_pair {
  std::uint64_t reader, writer;  // places; 0: what was there at the start
};

[[nodiscard]] constexpr std::uint64_t key_of(const reads_from_pair& pair) noexcept {
  return pair.reader * 0x9E3779B97F4A7C15ull ^ rotate_left(pair.writer, 29);
}

[[nodiscard]] constexpr bool does_read(operation what) noexcept {
  switch (what) {
    case operation::read:
    case operation::atomic_load:
    case operation::atomic_update:
    case operation::lock:
    case operation::lock_shared:
    case operation::try_lock:
    case operation::timed_lock:
    case operation::wait:
    case operation::acquire:
    case operation::input:
    case operation::annotated:
    case operation::handle_signal:
    case operation::await_signal: return true;
    default: return false;
  }
}
[[nodiscard]] constexpr bool does_write(operation what) noexcept {
  switch (what) {
    case operation::write:
    case operation::atomic_store:
    case operation::atomic_update:
    case operation::unlock:
    case operation::signal:
    case operation::broadcast:
    case operation::release:
    case operation::output:
    case operation::annotated:
    case operation::send_signal: return true;
    default: return false;
  }
}

class reads_from {
 public:
  static constexpr std::uint32_t most_pairs = 1u << 12;

  reads_from() noexcept {}  // NOLINT: leaves the pages untouched

  void forget() noexcept {
    last_.clear();
    seen_.clear();
    count_ = 0;
    combination_ = 0;
  }
  [[nodiscard]] std::uint64_t last_writer(const void* object) noexcept {
    const std::uint64_t* found = last_.find(reinterpret_cast<std::uintptr_t>(object));
    return found == nullptr ? 0 : *found;
  }
  void reads(const event& what) noexcept {
    const reads_from_pair pair{what.pc, last_writer(what.object)};
    const std::uint32_t known = seen_.size();
    if (seen_.find_or_add(key_of(pair)) == nullptr || seen_.size() == known || count_ == most_pairs) return;
    pairs_[count_++] = pair;
    std::uint64_t state = key_of(pair);
    combination_ += splitmix(state);  // a sum: the order does not matter
  }
  void writes(const event& what) noexcept {
    if (std::uint64_t* last = last_.find_or_add(reinterpret_cast<std::uintptr_t>(what.object))) *last = what.pc;
  }

  // Of this execution, in order of first sight.
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  [[nodiscard]] const reads_from_pair& pair(std::uint32_t which) const noexcept { return pairs_[which]; }
  [[nodiscard]] std::uint64_t combination() const noexcept { return combination_; }

 private:
  std::uint32_t count_;
  std::uint64_t combination_;
  reads_from_pair pairs_[most_pairs];
  fixed_map<std::uint64_t, 1u << 14> last_;        // by address: the place
  fixed_map<std::uint32_t, most_pairs * 2> seen_;  // by key of the pair
};

}  // namespace ravel::detail
