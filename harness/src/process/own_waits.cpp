// SPDX-License-Identifier: MIT
// See own_waits.hpp. Source: proc(5), /proc/[pid]/syscall.
#include "own_waits.hpp"

#include "record/uninstrumented.hpp"

#include <sys/syscall.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace ravel::detail {

namespace {

// Where the thread is in the futex system call; 0: it is not, or that is not known.
std::uintptr_t place_of_futex_wait(const std::filesystem::path& task) {
  std::ifstream file(task / "syscall");
  long number = -1;
  if (!(file >> number) || number != SYS_futex) return 0;  // "running" is no number
  std::string word, last;
  while (file >> word) last = word;
  std::istringstream text(last);
  std::uintptr_t pc = 0;
  return text >> std::hex >> pc ? pc : 0;
}

}  // namespace

std::string library_that_waits(pid_t process, const module_table& modules) {
  std::error_code error;
  const std::filesystem::path folder = "/proc/" + std::to_string(process);
  const std::string program = std::filesystem::read_symlink(folder / "exe", error).string();
  for (auto task = std::filesystem::directory_iterator(folder / "task", error);
       !error && task != std::filesystem::directory_iterator(); task.increment(error)) {
    const std::uintptr_t pc = place_of_futex_wait(task->path());
    for (std::uint32_t i = 0; pc != 0 && i < modules.count.load(); ++i) {
      const module_entry& entry = modules.entries[i];
      const std::string path = entry.path, name = path.substr(path.rfind('/') + 1);
      if (pc >= entry.begin && pc < entry.end && path != program && !name.empty() && !is_system_file(name)) return name;
    }
  }
  return {};
}

}  // namespace ravel::detail
