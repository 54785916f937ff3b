// SPDX-License-Identifier: MIT
// Headlines that name the memory they are about as the source does: "on cache.stored_ (4 bytes on the stack of main)".
// Parent only. Cost: one process that reads debug information, when there is something to ask.
#pragma once

#include "record/modules.hpp"

#include <ravel/finding.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace ravel::detail {

// Each with the record that it was made of.
void name_memory(std::vector<finding>& findings, const std::vector<std::pair<std::size_t, raw_memory>>& memories,
                 const module_table& modules);

}  // namespace ravel::detail
