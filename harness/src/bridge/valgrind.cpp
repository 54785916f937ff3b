// SPDX-License-Identifier: MIT
// Bridge to Valgrind's core: whether the process runs under it. Without Valgrind's header at build time the
// library that Valgrind preloads gives it away.
#include "bridges.hpp"

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif

#include <cstdlib>
#include <cstring>

namespace ravel::detail::valgrind {

namespace {

bool ask() noexcept {
#if defined(RUNNING_ON_VALGRIND)
  return RUNNING_ON_VALGRIND != 0;
#else
  const char* preloaded = std::getenv("LD_PRELOAD");
  return preloaded != nullptr && std::strstr(preloaded, "vgpreload_core") != nullptr;
#endif
}

}  // namespace

const bool is_running = ask();

}  // namespace ravel::detail::valgrind
