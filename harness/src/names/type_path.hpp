// SPDX-License-Identifier: MIT
// From a type and an offset in it to the member that is there, as the source writes it, and its value in words.
// Where several members fit (unions, bases at offset 0) the deepest one whose size is that of the access.
// Cost: O(members on the way).
#pragma once

#include "questions.hpp"

#include <elfutils/libdw.h>

#include <optional>
#include <string>

namespace ravel::names {

// "std::vector<int, std::allocator<int> >": with its namespaces and classes; empty for none.
[[nodiscard]] std::string qualified_name(Dwarf_Die die);

[[nodiscard]] bool type_of(Dwarf_Die die, Dwarf_Die& type);
[[nodiscard]] std::uint64_t size_of(Dwarf_Die type);

// ".next", "[3].value", "" for all of it; nothing where the offset is in no member.
[[nodiscard]] std::optional<answer> member_at(Dwarf_Die type, const place& at);

}  // namespace ravel::names
