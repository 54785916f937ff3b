// SPDX-License-Identifier: MIT
// A place in the user's source, captured by a default argument at the call.
// Trivially copyable; the pointers are string literals of the caller's module. Cost: none at run time.
// __builtin_FILE and friends instead of std::source_location, which clang 14 does not have.
#pragma once

namespace ravel {

struct site {
  const char* file = nullptr;
  unsigned line = 0;
  const char* function = nullptr;

  static constexpr site here(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE(),
                             const char* function = __builtin_FUNCTION()) noexcept {
    return {file, line, function};
  }
};

}  // namespace ravel
