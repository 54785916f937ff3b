// SPDX-License-Identifier: MIT
// See sync_object.hpp.
#include "sync_object.hpp"

#include <sys/mman.h>

namespace ravel::detail {

sync_object* sync_objects::find(const void* address) noexcept {
  if (table_ == nullptr) {
    void* memory = mmap(nullptr, sizeof(sync_object) * capacity, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    table_ = static_cast<sync_object*>(memory);
  }
  const std::uint64_t hash = (reinterpret_cast<std::uintptr_t>(address) >> 2) * 0x9E3779B97F4A7C15ull;
  for (std::uint32_t at = static_cast<std::uint32_t>(hash >> 48);; at = (at + 1) % capacity) {
    sync_object& one = table_[at];
    if (one.generation == generation_) {
      if (one.address == address) return &one;
      continue;
    }
    if (used_ == capacity - 1) return nullptr;
    ++used_;
    one = {};
    one.address = address;
    one.generation = generation_;
    return &one;
  }
}

}  // namespace ravel::detail
