// SPDX-License-Identifier: MIT
// Calls back into the library that links it.
#include "compiled_as.h"
int variant_of_object_part();
int variant_of_last_part() { return variant_of_object_part() == COMPILED_FOR ? COMPILED_FOR : -1; }
