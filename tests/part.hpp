// SPDX-License-Identifier: MIT
// The part of a long list of subjects that a test program takes: TESTS_PART=k/n is every n-th from the k-th on, so that
// several compilers' runs share the list. Without it, all. What cannot be used ends the program with exit code 64.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace tests {

struct part {
  unsigned number = 1, of = 1;

  [[nodiscard]] bool has(std::size_t index) const noexcept { return index % of == number - 1; }
};

inline part wanted_part() {
  const char* text = std::getenv("TESTS_PART");
  part wanted;
  char more = 0;
  if (text == nullptr || *text == '\0') return wanted;
  if (std::sscanf(text, "%u/%u%c", &wanted.number, &wanted.of, &more) == 2 && wanted.number >= 1 &&
      wanted.number <= wanted.of)
    return wanted;
  std::fprintf(stderr, "TESTS_PART=\"%s\" cannot be used: write k/n, such as 1/2 for every other one\n", text);
  std::exit(64);
}

}  // namespace tests
