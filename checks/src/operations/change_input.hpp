// SPDX-License-Identifier: MIT
// Changes a fuzz input a little, as structure: calls, their threads and arguments, and switches. What comes out is what
// decode_input and program_of make of its bytes, so nothing can become invalid. Thread safety: values. Cost: O(bytes).
#pragma once

#include "input_program.hpp"

namespace ravel::checks::detail {

// other: an input to take calls and switches from; null: none.
void change_input(const operation_list& all, unsigned threads, unsigned calls, choices& from, fuzz_input& input,
                  const fuzz_input* other);

}  // namespace ravel::checks::detail
