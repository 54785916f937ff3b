// SPDX-License-Identifier: MIT
// See sync_object.hpp.
#include "sync_object.hpp"

#include <sys/mman.h>

namespace ravel::detail {

bool sync_objects::make_tables() noexcept {
  void* memory = mmap(nullptr, sizeof(sync_object) * (first_capacity + capacity), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return false;
  first_ = static_cast<sync_object*>(memory);
  table_ = first_ + first_capacity;
  return true;
}

sync_object* sync_objects::take(sync_object& free, const void* address) noexcept {
  free = {};
  free.address = address;
  free.generation = generation_;
  return &free;
}

sync_object* sync_objects::search(const void* address, std::uint64_t hash) noexcept {
  if (first_ == nullptr && !make_tables()) return nullptr;
  for (std::uint32_t probe = 0; probe < first_probes; ++probe) {
    sync_object& one = first_[((hash >> 48) + probe) % first_capacity];
    if (one.generation != generation_) return take(one, address);
    if (one.address == address) return &one;
  }
  for (std::uint32_t at = place_of(hash);; at = (at + 1) % capacity) {
    sync_object& one = table_[at];
    if (one.generation == generation_) {
      if (one.address == address) return &one;
      continue;
    }
    if (used_ == capacity - 1) return nullptr;
    ++used_;
    return take(one, address);
  }
}

}  // namespace ravel::detail
