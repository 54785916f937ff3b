// SPDX-License-Identifier: MIT
// See processor_wait.hpp. The second number in schedstat: nanoseconds spent on a run queue (Linux,
// Documentation/scheduler).
#include "processor_wait.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace ravel::detail {

double processor_wait::longest() {
  std::uint64_t longest = 0;
  std::error_code error;
  const std::filesystem::path tasks = "/proc/" + std::to_string(process_) + "/task";
  for (std::filesystem::directory_iterator it(tasks, error), end; !error && it != end; it.increment(error)) {
    std::ifstream file(it->path() / "schedstat");
    std::uint64_t ran = 0, waited = 0;
    if (!(file >> ran >> waited)) continue;
    const auto task = static_cast<pid_t>(std::atoi(it->path().filename().c_str()));
    const std::uint64_t first = since_.emplace(task, waited).first->second;
    longest = std::max(longest, waited - std::min(waited, first));
  }
  return static_cast<double>(longest) * 1e-9;
}

}  // namespace ravel::detail
