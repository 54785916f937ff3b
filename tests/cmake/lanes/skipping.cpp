// SPDX-License-Identifier: MIT
// Stands in for a canary on a machine where the tool cannot start.
#include <cstdio>

int main() {
  std::puts("skipped: this machine cannot start the tool");
  return 77;
}
