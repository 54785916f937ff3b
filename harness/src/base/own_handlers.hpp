// SPDX-License-Identifier: MIT
// Which signal handlers are Ravel's own: to the target they are as good as none. Written before any thread.
// Thread safety: any thread. Cost: some compares.
#pragma once

#include <cstdint>

namespace ravel::detail {

inline constexpr std::uint32_t most_own_handlers = 4;
inline constinit void* own_handlers[most_own_handlers] = {};

inline void note_own_handler(void* handler) noexcept {
  for (void*& one : own_handlers) {
    if (one == handler) return;
    if (one != nullptr) continue;
    one = handler;
    return;
  }
}
[[nodiscard]] inline bool is_own_handler(const void* handler) noexcept {
  if (handler == nullptr) return false;
  for (const void* one : own_handlers)
    if (one == handler) return true;
  return false;
}

}  // namespace ravel::detail
