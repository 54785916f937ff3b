// SPDX-License-Identifier: MIT
// What the static initialisers of several files add, for the main that runs it all. A header declares
//   struct entry { ...; ~entry(); };
//   bool add(entry&& one);
//   std::vector<entry>& entries();
// and the file with main defines the three: compiled in each of the other files, they would be most of its code.
#pragma once

#include <utility>
#include <vector>

// In the namespace of `entry`, once a program.
#define RAVEL_REGISTERED_HERE            \
  entry::~entry() = default;             \
  bool add(entry&& one) {                \
    entries().push_back(std::move(one)); \
    return true;                         \
  }                                      \
  std::vector<entry>& entries() {        \
    static std::vector<entry> all;       \
    return all;                          \
  }                                      \
  static_assert(true, "takes the semicolon")
