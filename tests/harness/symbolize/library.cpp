// SPDX-License-Identifier: MIT
// See library.hpp. The line of the call is known to the test.
#include "library.hpp"

int calls;

void NAME(void (*callback)()) {
  ++calls;
  callback();
  ++calls;
}
