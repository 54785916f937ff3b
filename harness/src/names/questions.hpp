// SPDX-License-Identifier: MIT
// What the program is asked: one question a line, its fields parted by tabs; numbers are hexadecimal, with 0x.
//   G <module> <address> <bytes> <value>               the variable at an address of the file
//   L <module> <pc> <offset> <bytes> <value>           the local variable at frame pointer + offset (may be negative)
//   T <module> <type> <block> <offset> <bytes> <value> the member at an offset in a heap block of objects of the type
//   E ...                                              the same in a block of just one
// bytes: of the access; 0xffffffff for the largest object that begins there; 0x0 when it is a lock or the like. value:
// what was read or written, or - when it is not known. An answer is a line and an empty one: <name> tab <value in
// words> tab <pointer when the value points somewhere>.
// "-": nothing is known; "!" and a reason: the module cannot be read. Nothing is guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ravel::names {

struct place {
  static constexpr std::uint64_t largest = 0xffffffff;
  std::int64_t offset = 0;
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> value;
};

struct answer {
  std::string name, value;
  bool is_pointer = false;
};

}  // namespace ravel::names
