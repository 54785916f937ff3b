// SPDX-License-Identifier: MIT
// An exception of the target that a check or a fixture has caught, as a finding that names the operation it came out
// of. Thread safety: any thread, in a catch block. Cost: some microseconds.
#pragma once

namespace ravel {

// EXCEPTION put: std::bad_alloc: "...", with the stack of the throw. A failed assertion of a test framework has been
// recorded already and is left alone; a usage_error ends the run as misuse. operation: a string literal.
void record_thrown(const char* operation) noexcept;

}  // namespace ravel
