// SPDX-License-Identifier: MIT
// Exit code 0 if every part was compiled for this executable's variant.
#include <cstdio>

int variants_in_shared_part(int wanted);
static_assert(FROM_FACADE == 1);

int main() {
  const int wrong = variants_in_shared_part(WANTED);
  if (wrong >= 0) std::printf("part %d is not compiled for variant %d\n", wrong, WANTED);
  return wrong < 0 ? 0 : 1;
}
