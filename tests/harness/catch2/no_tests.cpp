// SPDX-License-Identifier: MIT
// A program without a test case: it must not pass.
#include "catch.hpp"
