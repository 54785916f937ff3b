// SPDX-License-Identifier: MIT
// In a shared library that contains the static one.
#include "compiled_as.h"
int variant_of_static_part();
int shared_source_in_base();
int shared_source_in_front();
int variant_of_c_part_cpp();
int variant_of_generated();
int variant_of_in_expression();
extern "C" int variant_of_c_part(void);
int variants_in_shared_part(int wanted) {
  const int all[] = {
      COMPILED_FOR,           variant_of_static_part(),   shared_source_in_base(), shared_source_in_front(),
      variant_of_generated(), variant_of_in_expression(), variant_of_c_part()};
  int index = 0;
  for (const int one : all) {
    if (one != wanted) return index;
    ++index;
  }
  return -1;
}
