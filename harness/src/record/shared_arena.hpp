// SPDX-License-Identifier: MIT
// Memory that outlives the process that writes it. Made before the first fork; the parent allocates.
// Thread safety: none; one thread allocates. Cost: pages cost nothing until touched.
#pragma once

#include <cstddef>
#include <new>

namespace ravel::detail {

// Memory at the same address in the parent and all children, for what must outlive a child. Never given back.
class shared_arena {
 public:
  explicit shared_arena(std::size_t bytes);
  ~shared_arena();
  shared_arena(const shared_arena&) = delete;
  shared_arena& operator=(const shared_arena&) = delete;

  [[nodiscard]] void* allocate(std::size_t bytes);
  template <class Object, class... Arguments>
  Object* make(Arguments&&... arguments) {
    return new (allocate(sizeof(Object))) Object(static_cast<Arguments&&>(arguments)...);
  }

 private:
  char* memory_;
  std::size_t bytes_;
  std::size_t used_ = 0;
};

}  // namespace ravel::detail
