// SPDX-License-Identifier: MIT
// Wrong on purpose: includes what is above it.
#include "high/above.hpp"
