// SPDX-License-Identifier: MIT
// Points in the address variant: the checks that ASan's instrumentation calls before each access, where the compiler is
// told to call instead of to inline them. The linker's --wrap leads the calls here, and they go on to the runtime by a
// jump, so that its reports keep the target's return address. Reads and writes are told apart, atomics are not told
// from plain accesses, and an access that gcc has found checked already is no point. Thread safety: any thread. Cost
// outside an execution: one load and a branch an access.
#include "points/points.hpp"

#include <cstddef>

using namespace ravel::detail;

#define RAVEL_EXPORTED [[gnu::visibility("default")]]
#define RAVEL_CHECK(name, what, bytes)                            \
  void __real_##name(const void* address);                        \
  RAVEL_EXPORTED void __wrap_##name(const void* address) {        \
    access(operation::what, address, bytes, RAVEL_ACCESS_CALLER); \
    __real_##name(address);                                       \
  }
#define RAVEL_CHECK_RANGE(name, what)                                                         \
  void __real_##name(const void* address, std::size_t bytes);                                 \
  RAVEL_EXPORTED void __wrap_##name(const void* address, std::size_t bytes) {                 \
    access(operation::what, address, static_cast<std::uint32_t>(bytes), RAVEL_ACCESS_CALLER); \
    __real_##name(address, bytes);                                                            \
  }
#define RAVEL_CHECKS(name, what, suffix)  \
  RAVEL_CHECK(name##1##suffix, what, 1)   \
  RAVEL_CHECK(name##2##suffix, what, 2)   \
  RAVEL_CHECK(name##4##suffix, what, 4)   \
  RAVEL_CHECK(name##8##suffix, what, 8)   \
  RAVEL_CHECK(name##16##suffix, what, 16) \
  RAVEL_CHECK_RANGE(name##N##suffix, what)

extern "C" {
RAVEL_CHECKS(__asan_load, read, )
RAVEL_CHECKS(__asan_store, write, )
RAVEL_CHECKS(__asan_load, read, _noabort)
RAVEL_CHECKS(__asan_store, write, _noabort)
}
