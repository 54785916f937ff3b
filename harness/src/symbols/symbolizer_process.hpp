// SPDX-License-Identifier: MIT
// Runs an outside program to its end with a text as its input, and returns its output.
// Parent only, single-threaded. Both ends are memory files, so neither side can block on a full pipe.
#pragma once

#include <string>
#include <vector>

namespace ravel::detail {

struct process_result {
  bool is_done = false;  // it ended by itself, with exit code 0, within the limit
  std::string output;
};

[[nodiscard]] process_result run_process(const std::vector<std::string>& command, const std::string& input,
                                         double seconds_at_most);

// The first of the names that is an executable file in PATH; empty when there is none.
[[nodiscard]] std::string find_program(const std::vector<std::string>& names);

}  // namespace ravel::detail
