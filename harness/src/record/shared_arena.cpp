// SPDX-License-Identifier: MIT
// See shared_arena.hpp.
#include "shared_arena.hpp"

#include "bridge/hidden_memory.hpp"

#include <sys/mman.h>

namespace ravel::detail {

shared_arena::shared_arena(std::size_t bytes) : bytes_(bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<char*>(memory);
  hide_memory_from_tools(memory, bytes);
}

shared_arena::~shared_arena() {
  forget_hidden_memory(memory_);
  munmap(memory_, bytes_);
}

void* shared_arena::allocate(std::size_t bytes) {
  used_ = (used_ + 63) & ~std::size_t{63};
  if (bytes > bytes_ - used_) throw std::bad_alloc();
  void* memory = memory_ + used_;
  used_ += bytes;
  return memory;
}

}  // namespace ravel::detail
