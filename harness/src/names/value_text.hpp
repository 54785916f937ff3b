// SPDX-License-Identifier: MIT
// A value of at most 8 bytes in the words of its type: true, 'x', an enumerator, {x = 1, y = 2}.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>

namespace ravel::names {

// Without typedefs and const around it. Empty when the type says nothing of how to read the value.
[[nodiscard]] std::string value_text(Dwarf_Die type, std::uint64_t value);
[[nodiscard]] bool is_pointer(Dwarf_Die type);

}  // namespace ravel::names
