// SPDX-License-Identifier: MIT
// Misuse by the test's author or a bad option; the text says what to write instead. Exit code 64.
#pragma once

#include <stdexcept>

namespace ravel {

class usage_error : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

}  // namespace ravel
