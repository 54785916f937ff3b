// SPDX-License-Identifier: MIT
// Local variables and parameters that lie in their function's frame, by their distance from its frame pointer; those of
// functions that were inlined there, too. Nothing is told of what is in registers.
#pragma once

#include "questions.hpp"

#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>

namespace ravel::names {

[[nodiscard]] std::optional<answer> local_variable_at(Dwarf* dwarf, Dwarf_Die unit, std::uint64_t pc, const place& at);

}  // namespace ravel::names
