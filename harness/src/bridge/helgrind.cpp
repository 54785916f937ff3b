// SPDX-License-Identifier: MIT
// Bridge to Helgrind: user-defined synchronisation objects, and memory it is not to track. Other tools ignore
// these requests. Cost under Helgrind: release and acquire join vector clocks; hide is linear in the bytes.
#include "bridges.hpp"

#if __has_include(<valgrind/helgrind.h>)
#include <valgrind/helgrind.h>
#define RAVEL_HAS_HELGRIND 1
#endif

namespace ravel::detail::helgrind {

#if defined(RAVEL_HAS_HELGRIND)

// Joins this thread's clock into the tag's, so that several releases add up.
void release(const void* tag) noexcept { ANNOTATE_HAPPENS_BEFORE(const_cast<void*>(tag)); }
void acquire(const void* tag) noexcept { ANNOTATE_HAPPENS_AFTER(const_cast<void*>(tag)); }
void hide(void* memory, std::size_t bytes) noexcept { VALGRIND_HG_DISABLE_CHECKING(memory, bytes); }

#else

void release(const void*) noexcept {}
void acquire(const void*) noexcept {}
void hide(void*, std::size_t) noexcept {}

#endif

}  // namespace ravel::detail::helgrind
