// SPDX-License-Identifier: MIT
// Does not compile unless all that was said about it reached the clone.
#include "how.hpp"

#include <tbb/version.h>

std::vector<int> from_precompiled_header;
static_assert(FROM_DIRECTORY_FLAGS == 1 && FROM_DIRECTORY == 1);
static_assert(FROM_SOURCE == 1 && ALSO_FROM_SOURCE == 2);
static_assert(FROM_SOURCE_FLAGS == 1 && ALSO_FROM_SOURCE_FLAGS == 2);
static_assert(FROM_HEADER_PART == 1 && SAID_LATE == 1);
static_assert(__cplusplus == 201703L, "CXX_STANDARD of its directory");
int variant_of_last_part();
int variant_of_static_part() { return variant_of_last_part() == COMPILED_FOR ? COMPILED_FOR : -1; }
