// SPDX-License-Identifier: MIT
// Comparison of two zero-terminated texts where nothing may be called that a sanitizer intercepts (strcmp is).
// Thread safe; touches nothing but the texts. Cost: O(length of the shorter).
#pragma once

namespace ravel::checks {

[[nodiscard]] inline bool is_same(const char* a, const char* b) noexcept {
  for (; *a != '\0' && *a == *b; ++a, ++b) {
  }
  return *a == *b;
}

}  // namespace ravel::checks
