// SPDX-License-Identifier: MIT
// Who hears of heap memory that is made and freed, while an execution is traced. With a sanitizer by its hooks, else by
// the allocation functions of the variant `points`; in the variant `plain` nobody tells.
// Set while no other thread runs. Cost when nobody listens: one load and a branch an allocation.
#pragma once

#include <atomic>
#include <cstddef>

namespace ravel::detail {

// On the thread that makes or frees: no allocation, no lock.
class heap_listener {
 public:
  virtual void made(const void* memory, std::size_t bytes) noexcept = 0;
  virtual void freed(const void* memory) noexcept = 0;

 protected:
  ~heap_listener() = default;
};

extern std::atomic<heap_listener*> hearing_heap;

[[nodiscard]] inline heap_listener* heap_hearer() noexcept {
  return hearing_heap.load(std::memory_order_relaxed);  // relaxed: set while the threads that look are not running
}

// nullptr: nobody from now on.
void hear_heap(heap_listener* listener) noexcept;

}  // namespace ravel::detail
