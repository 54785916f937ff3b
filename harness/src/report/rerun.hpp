// SPDX-License-Identifier: MIT
// The command that shows a finding again. Parent only.
#pragma once

#include <ravel/environment.hpp>

#include <string>

namespace ravel::detail {

// The command that shows a finding again, for a POSIX shell in any directory.
[[nodiscard]] std::string rerun_command(const environment& asked, const std::string& token);

// The same for a finding that takes the file of its input.
[[nodiscard]] std::string rerun_command_for_file(const environment& asked, const std::string& token,
                                                 const std::string& path);

// Set by an adapter: the argument that makes this program run the test case in flight only; "" when there is
// none. Main thread of the parent. Default: "".
extern std::string (*test_selector)();

}  // namespace ravel::detail
