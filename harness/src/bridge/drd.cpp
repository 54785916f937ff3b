// SPDX-License-Identifier: MIT
// Bridge to DRD: happens-before edges, accesses it is not to record, memory it is not to judge. Other tools ignore
// these requests.
#include "bridges.hpp"

#if __has_include(<valgrind/drd.h>)
#include <valgrind/drd.h>
#define RAVEL_HAS_DRD 1
#endif

namespace ravel::detail::drd {

#if defined(RAVEL_HAS_DRD)

namespace {

// DRD's switch does not nest; Ravel's scopes do.
thread_local unsigned depth = 0;

}  // namespace

void release(const void* tag) noexcept { ANNOTATE_HAPPENS_BEFORE(tag); }
void acquire(const void* tag) noexcept { ANNOTATE_HAPPENS_AFTER(tag); }

void look_away() noexcept {
  if (depth++ != 0) return;
  ANNOTATE_IGNORE_READS_BEGIN();
  ANNOTATE_IGNORE_WRITES_BEGIN();
}

void look_again() noexcept {
  if (--depth != 0) return;
  ANNOTATE_IGNORE_WRITES_END();
  ANNOTATE_IGNORE_READS_END();
}

void hide(void* memory, std::size_t bytes) noexcept { ANNOTATE_BENIGN_RACE_SIZED(memory, bytes, "Ravel's own"); }

#else

void release(const void*) noexcept {}
void acquire(const void*) noexcept {}
void look_away() noexcept {}
void look_again() noexcept {}
void hide(void*, std::size_t) noexcept {}

#endif

}  // namespace ravel::detail::drd
