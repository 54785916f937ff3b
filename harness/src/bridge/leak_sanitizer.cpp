// SPDX-License-Identifier: MIT
// Bridge to LeakSanitizer, alone or in AddressSanitizer: its public interface, by weak reference.
#include "bridges.hpp"

extern "C" {
[[gnu::weak]] void __lsan_disable(void);
[[gnu::weak]] void __lsan_enable(void);
}

namespace ravel::detail::leak_sanitizer {

void look_away() noexcept {
  if (__lsan_disable != nullptr) __lsan_disable();
}

void look_again() noexcept {
  if (__lsan_enable != nullptr) __lsan_enable();
}

}  // namespace ravel::detail::leak_sanitizer
