// SPDX-License-Identifier: MIT
// Bridge to AddressSanitizer: memory that nobody may touch. Weak references: nothing where its runtime is absent.
#include "bridges.hpp"

extern "C" {
void __asan_poison_memory_region(const volatile void* memory, std::size_t bytes) __attribute__((weak));
void __asan_unpoison_memory_region(const volatile void* memory, std::size_t bytes) __attribute__((weak));
}

namespace ravel::detail::address_sanitizer {

void forbid(const void* memory, std::size_t bytes) noexcept {
  if (__asan_poison_memory_region != nullptr) __asan_poison_memory_region(memory, bytes);
}

void allow(const void* memory, std::size_t bytes) noexcept {
  if (__asan_unpoison_memory_region != nullptr) __asan_unpoison_memory_region(memory, bytes);
}

}  // namespace ravel::detail::address_sanitizer
