// SPDX-License-Identifier: MIT
// See requests.hpp.
#include "requests.hpp"

#include <ravel/observer.hpp>

#if __has_include(<valgrind/drd.h>) && __has_include(<valgrind/memcheck.h>)
#include <valgrind/drd.h>
#include <valgrind/memcheck.h>
#define RAVEL_HAS_VALGRIND 1
#endif

namespace ravel::checks::valgrind {

#if defined(RAVEL_HAS_VALGRIND)

bool is_built_in() noexcept { return true; }

std::uint64_t error_count() noexcept { return VALGRIND_COUNT_ERRORS; }

std::uint64_t check_added_leaks() {
  unsigned long leaked = 0, dubious = 0, reachable = 0, suppressed = 0;
  // Memcheck would look for pointers in hundreds of MiB of Ravel's own, most of it never touched. Between these
  // requests is no system call, so no other thread runs.
  const std::vector<memory_range> own = ravels_own_memory();
  for (const memory_range& range : own) VALGRIND_MAKE_MEM_NOACCESS(range.begin, range.bytes);
  VALGRIND_DO_ADDED_LEAK_CHECK;
  for (const memory_range& range : own) VALGRIND_MAKE_MEM_DEFINED(range.begin, range.bytes);
  VALGRIND_COUNT_LEAKS(leaked, dubious, reachable, suppressed);
  static_cast<void>(dubious + reachable + suppressed);  // thread-local storage shows as possibly lost
  return leaked;
}

std::uint32_t own_drd_number() noexcept { return static_cast<std::uint32_t>(DRD_GET_DRD_THREADID); }

#else

bool is_built_in() noexcept { return false; }
std::uint64_t error_count() noexcept { return 0; }
std::uint64_t check_added_leaks() { return 0; }
std::uint32_t own_drd_number() noexcept { return 0; }

#endif

}  // namespace ravel::checks::valgrind
