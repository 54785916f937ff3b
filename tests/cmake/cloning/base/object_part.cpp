// SPDX-License-Identifier: MIT
// In an OBJECT library.
#include "compiled_as.h"
int variant_of_object_part() { return COMPILED_FOR; }
