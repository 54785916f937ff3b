// SPDX-License-Identifier: MIT
// memset and its kin for Ravel's own code. Sanitizers intercept libc's, and would report Ravel's records, which are
// ordered in ways they cannot see, as the user's races (clang 19 did). The compiler emits such calls by itself, so the
// archives are rewritten after they are built (cmake/RavelLibrary.cmake): memset becomes ravel_memset, and so on.
// Thread safety and cost: as the functions they stand for, with bytes one by one below 32.
// Each loop holds a barrier: recognised as a memset, it would call itself.
#include "base/processor/processor.hpp"

#include <cstddef>
#include <cstdint>

extern "C" {

void* ravel_memset(void* to, int value, std::size_t bytes) noexcept {
  auto* at = static_cast<unsigned char*>(to);
  if (bytes >= 32) {
    ravel::detail::fill_words(to, value, bytes);
    return to;
  }
  for (; bytes != 0; --bytes) {
    *at++ = static_cast<unsigned char>(value);
    asm volatile("" ::: "memory");
  }
  return to;
}

void* ravel_memcpy(void* to, const void* from, std::size_t bytes) noexcept {
  auto* at = static_cast<unsigned char*>(to);
  const auto* source = static_cast<const unsigned char*>(from);
  if (bytes >= 32) {
    ravel::detail::copy_words(to, from, bytes);
    return to;
  }
  for (; bytes != 0; --bytes) {
    *at++ = *source++;
    asm volatile("" ::: "memory");
  }
  return to;
}

void* ravel_memmove(void* to, const void* from, std::size_t bytes) noexcept {
  if (reinterpret_cast<std::uintptr_t>(to) - reinterpret_cast<std::uintptr_t>(from) >= bytes)
    return ravel_memcpy(to, from, bytes);
  auto* at = static_cast<unsigned char*>(to);
  const auto* source = static_cast<const unsigned char*>(from);
  while (bytes != 0) {
    --bytes;
    at[bytes] = source[bytes];
    asm volatile("" ::: "memory");
  }
  return to;
}

int ravel_memcmp(const void* left, const void* right, std::size_t bytes) noexcept {
  const auto* a = static_cast<const unsigned char*>(left);
  const auto* b = static_cast<const unsigned char*>(right);
  for (; bytes != 0; --bytes, ++a, ++b) {
    if (*a != *b) return *a < *b ? -1 : 1;
    asm volatile("" ::: "memory");
  }
  return 0;
}

int ravel_bcmp(const void* left, const void* right, std::size_t bytes) noexcept {
  return ravel_memcmp(left, right, bytes);
}

}  // extern "C"
