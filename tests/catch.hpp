// SPDX-License-Identifier: MIT
// Catch2 for Ravel's own tests: 2.13 or 3.x, whichever this build uses.
#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#else
#include <catch2/catch.hpp>
#endif
