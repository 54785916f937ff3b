// SPDX-License-Identifier: MIT
// Points around the real TSan: the linker's --wrap leads each call of the instrumentation here, and it goes on to the
// runtime by a jump, so that the runtime sees the target's return address in its reports. That the compiler makes a
// jump of it is what tests/explore checks by the lines in a report.
// Thread safety: any thread. Cost outside an execution: two loads and branches an access.
#include "points/points.hpp"
#include "record/library_calls.hpp"

using namespace ravel::detail;

#define RAVEL_EXPORTED [[gnu::visibility("default")]]
#define RAVEL_ACCESS(name, what, bytes)                                                    \
  void __real_##name(void* address);                                                       \
  RAVEL_EXPORTED void __wrap_##name(void* address) {                                       \
    note_access(address, bytes, operation::what == operation::write, RAVEL_ACCESS_CALLER); \
    access(operation::what, address, bytes, RAVEL_ACCESS_CALLER);                          \
    __real_##name(address);                                                                \
  }
// gcc's runtime does not have them, and its compiler does not call them.
#define RAVEL_ACCESS_VOLATILE(name, what, bytes)                                           \
  [[gnu::weak]] void __real_##name(void* address);                                         \
  RAVEL_EXPORTED void __wrap_##name(void* address) {                                       \
    note_access(address, bytes, operation::what == operation::write, RAVEL_ACCESS_CALLER); \
    access(operation::what, address, bytes, RAVEL_ACCESS_CALLER);                          \
    if (__real_##name != nullptr) __real_##name(address);                                  \
  }

extern "C" {

#include "points/access_list.inc"

#define RAVEL_RANGE(name, what)                                                               \
  void __real_##name(void* address, unsigned long bytes);                                     \
  RAVEL_EXPORTED void __wrap_##name(void* address, unsigned long bytes) {                     \
    access(operation::what, address, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER); \
    __real_##name(address, bytes);                                                            \
  }
RAVEL_RANGE(__tsan_read_range, read)
RAVEL_RANGE(__tsan_write_range, write)

void __real___tsan_vptr_read(void** vptr);
RAVEL_EXPORTED void __wrap___tsan_vptr_read(void** vptr) {
  note_access(vptr, sizeof(void*), false, RAVEL_ACCESS_CALLER);
  access(operation::read, vptr, sizeof(void*), RAVEL_ACCESS_CALLER);
  __real___tsan_vptr_read(vptr);
}
void __real___tsan_vptr_update(void** vptr, void* value);
RAVEL_EXPORTED void __wrap___tsan_vptr_update(void** vptr, void* value) {
  note_access(vptr, sizeof(void*), true, RAVEL_ACCESS_CALLER);
  access(operation::write, vptr, sizeof(void*), RAVEL_ACCESS_CALLER);
  __real___tsan_vptr_update(vptr, value);
}

// clang from 15 on calls these for what the program wrote as memcpy, or as an assignment of a large object.
#define RAVEL_COPY(name)                                                                   \
  [[gnu::weak]] void* __real_##name(void* to, const void* from, unsigned long bytes);      \
  RAVEL_EXPORTED void* __wrap_##name(void* to, const void* from, unsigned long bytes) {    \
    access(operation::read, from, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER); \
    access(operation::write, to, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER);  \
    return __real_##name(to, from, bytes);                                                 \
  }
RAVEL_COPY(__tsan_memcpy)
RAVEL_COPY(__tsan_memmove)
[[gnu::weak]] void* __real___tsan_memset(void* to, int value, unsigned long bytes);
RAVEL_EXPORTED void* __wrap___tsan_memset(void* to, int value, unsigned long bytes) {
  access(operation::write, to, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER);
  return __real___tsan_memset(to, value, bytes);
}
}
