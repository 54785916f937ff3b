// SPDX-License-Identifier: MIT
// See kernel_wait.hpp.
#include "kernel_wait.hpp"

#include <sys/syscall.h>

#include <fstream>
#include <sstream>

namespace ravel::checks {

bool is_futex_call_in(const std::string& text, const void* begin, std::size_t bytes) {
  std::istringstream words(text);
  long call = -1;
  std::uintptr_t address = 0;
  words >> call >> std::hex >> address;
  const auto first = reinterpret_cast<std::uintptr_t>(begin);
  return !words.fail() && call == SYS_futex && address >= first && address - first < bytes;
}

bool sleeps_on_futex_in(std::int32_t tid, const void* begin, std::size_t bytes) {
  std::ifstream file("/proc/" + std::to_string(tid) + "/syscall");
  std::string text;
  return std::getline(file, text) && is_futex_call_in(text, begin, bytes);
}

}  // namespace ravel::checks
