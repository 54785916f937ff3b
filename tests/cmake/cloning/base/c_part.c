/* SPDX-License-Identifier: MIT */
/* C in a C++ library, annotated: the header comes by Ravel::annotate, which clones link as it is. */
#include "compiled_as.h"
#include <ravel/annotate.h>
int variant_of_c_part(void) {
  RAVEL_POINT();
  return COMPILED_FOR;
}
