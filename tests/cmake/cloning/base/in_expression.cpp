// SPDX-License-Identifier: MIT
// Named by a generator expression.
#include "compiled_as.h"
int variant_of_in_expression() { return COMPILED_FOR; }
