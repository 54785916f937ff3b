// SPDX-License-Identifier: MIT
// No test case at all: a lane that ran nothing must not be green.
#include <ravel/catch2.hpp>
