// SPDX-License-Identifier: MIT
// Bridge to ThreadSanitizer: annotations that its runtimes export (gcc 12, clang 14, clang 19), by weak reference.
#include "bridges.hpp"

extern "C" {
[[gnu::weak]] void __tsan_acquire(void* address);
[[gnu::weak]] void __tsan_release(void* address);
[[gnu::weak]] void AnnotateIgnoreSyncBegin(const char* file, int line);
[[gnu::weak]] void AnnotateIgnoreSyncEnd(const char* file, int line);
[[gnu::weak]] void AnnotateIgnoreReadsBegin(const char* file, int line);
[[gnu::weak]] void AnnotateIgnoreReadsEnd(const char* file, int line);
[[gnu::weak]] void AnnotateIgnoreWritesBegin(const char* file, int line);
[[gnu::weak]] void AnnotateIgnoreWritesEnd(const char* file, int line);
}

namespace ravel::detail::thread_sanitizer {

void release(const void* tag) noexcept {
  if (__tsan_release != nullptr) __tsan_release(const_cast<void*>(tag));
}

void acquire(const void* tag) noexcept {
  if (__tsan_acquire != nullptr) __tsan_acquire(const_cast<void*>(tag));
}

// __tsan_acquire is asked for, because another library may bring the Annotate functions without TSan.
void look_away() noexcept {
  if (__tsan_acquire == nullptr || AnnotateIgnoreSyncBegin == nullptr) return;
  AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
}

void look_again() noexcept {
  if (__tsan_acquire == nullptr || AnnotateIgnoreSyncEnd == nullptr) return;
  AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
}

}  // namespace ravel::detail::thread_sanitizer
