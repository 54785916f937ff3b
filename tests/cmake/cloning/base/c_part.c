/* SPDX-License-Identifier: MIT */
/* C in a C++ library. */
#include "compiled_as.h"
int variant_of_c_part(void) { return COMPILED_FOR; }
