// SPDX-License-Identifier: MIT
// The points runtime, plain accesses: what code compiled with -fsanitize=thread calls, in a program that is linked
// without TSan's runtime. Every access is a point; there is no shadow memory, and no race is looked for.
// Thread safety: any thread. Cost outside an execution: one load and a branch an access.
#include "points/points.hpp"

#include <cstring>

using namespace ravel::detail;

#define RAVEL_EXPORTED [[gnu::visibility("default")]]
#define RAVEL_ACCESS(name, what, bytes)                                                                     \
  RAVEL_EXPORTED void name(void* address) { access(operation::what, address, bytes, RAVEL_ACCESS_CALLER); } \
  RAVEL_EXPORTED void name##_pc(void* address, void* pc) {                                                  \
    access(operation::what, address, bytes, reinterpret_cast<std::uintptr_t>(pc));                          \
  }
#define RAVEL_ACCESS_VOLATILE(name, what, bytes) RAVEL_ACCESS(name, what, bytes)
#define RAVEL_READ_WRITE(name, bytes)                              \
  RAVEL_EXPORTED void name(void* address) {                        \
    access(operation::read, address, bytes, RAVEL_ACCESS_CALLER);  \
    access(operation::write, address, bytes, RAVEL_ACCESS_CALLER); \
  }

extern "C" {

#include "points/access_list.inc"

RAVEL_READ_WRITE(__tsan_read_write1, 1)
RAVEL_READ_WRITE(__tsan_read_write2, 2)
RAVEL_READ_WRITE(__tsan_read_write4, 4)
RAVEL_READ_WRITE(__tsan_read_write8, 8)
RAVEL_READ_WRITE(__tsan_read_write16, 16)
RAVEL_READ_WRITE(__tsan_unaligned_read_write2, 2)
RAVEL_READ_WRITE(__tsan_unaligned_read_write4, 4)
RAVEL_READ_WRITE(__tsan_unaligned_read_write8, 8)
RAVEL_READ_WRITE(__tsan_unaligned_read_write16, 16)

RAVEL_EXPORTED void __tsan_read_range(void* address, unsigned long bytes) {
  access(operation::read, address, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER);
}
RAVEL_EXPORTED void __tsan_write_range(void* address, unsigned long bytes) {
  access(operation::write, address, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER);
}
// Those of clang's -tsan-distinguish-volatile, which is off by default.
RAVEL_ACCESS(__tsan_unaligned_volatile_read2, read, 2)
RAVEL_ACCESS(__tsan_unaligned_volatile_read4, read, 4)
RAVEL_ACCESS(__tsan_unaligned_volatile_read8, read, 8)
RAVEL_ACCESS(__tsan_unaligned_volatile_read16, read, 16)
RAVEL_ACCESS(__tsan_unaligned_volatile_write2, write, 2)
RAVEL_ACCESS(__tsan_unaligned_volatile_write4, write, 4)
RAVEL_ACCESS(__tsan_unaligned_volatile_write8, write, 8)
RAVEL_ACCESS(__tsan_unaligned_volatile_write16, write, 16)

RAVEL_EXPORTED void __tsan_vptr_read(void** vptr) { access(operation::read, vptr, sizeof(void*), RAVEL_ACCESS_CALLER); }
RAVEL_EXPORTED void __tsan_vptr_update(void** vptr, void*) {
  access(operation::write, vptr, sizeof(void*), RAVEL_ACCESS_CALLER);
}

// By the libc functions themselves: the access as a whole is one point for each side.
RAVEL_EXPORTED void* __tsan_memcpy(void* to, const void* from, unsigned long bytes) {
  access(operation::read, from, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER);
  access(operation::write, to, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER);
  return std::memcpy(to, from, bytes);
}
RAVEL_EXPORTED void* __tsan_memmove(void* to, const void* from, unsigned long bytes) {
  access(operation::read, from, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER);
  access(operation::write, to, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER);
  return std::memmove(to, from, bytes);
}
RAVEL_EXPORTED void* __tsan_memset(void* to, int value, unsigned long bytes) {
  access(operation::write, to, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER);
  return std::memset(to, value, bytes);
}

// What the instrumentation also calls, and nothing here needs.
RAVEL_EXPORTED void __tsan_init() {}
RAVEL_EXPORTED void __tsan_func_entry(void*) {}
RAVEL_EXPORTED void __tsan_func_exit() {}
RAVEL_EXPORTED void __tsan_ignore_thread_begin() {}
RAVEL_EXPORTED void __tsan_ignore_thread_end() {}
}
