// SPDX-License-Identifier: MIT
// What a fuzz program does without libFuzzer: a session of random inputs, or inputs from files. Main thread.
#pragma once

#include <ravel/fuzz_target.hpp>

#include <string>
#include <vector>

namespace ravel::detail {

// The exit code. arguments: without the program's name.
[[nodiscard]] int drive(const std::vector<std::string>& arguments);

// Files, and those of folders, in the order of their names; schedule tokens that lie beside them are left out. Headers
// are taken off. Throws usage_error: a file that cannot be read, or is of another target or version, or a token.
[[nodiscard]] std::vector<input_file> read_inputs(const std::vector<std::string>& paths, const fuzz_target& target);

}  // namespace ravel::detail
