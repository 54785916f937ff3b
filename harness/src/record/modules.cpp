// SPDX-License-Identifier: MIT
// The modules (executable, shared libraries) that processes of the run have loaded: what a program counter
// belongs to. Entries are only added: a library that was unloaded stays nameable.
// Thread safety: one process of the run at a time. Cost: one walk over the loaded objects when there are others than at
// the last call, in this process or the one that it was forked from; else a call of dl_iterate_phdr.
#include "modules.hpp"

#include <limits.h>
#include <link.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace ravel::detail {

namespace {

void copy_path(char (&to)[256], const char* given) noexcept {
  // A library that was opened by a relative path must still be found from elsewhere.
  char absolute[PATH_MAX];
  const char* from = given[0] != '/' && realpath(given, absolute) != nullptr ? absolute : given;
  // A path that is cut cannot be opened, so a long one is left out as a whole and its offsets are shown.
  const std::size_t length = std::strlen(from);
  if (length >= sizeof to) return;
  std::memcpy(to, from, length + 1);
}

void executable_path(char (&to)[256]) noexcept {
  const ssize_t length = readlink("/proc/self/exe", to, sizeof to - 1);
  to[length < 0 || length >= static_cast<ssize_t>(sizeof to - 1) ? 0 : length] = '\0';
}

bool has_module(const module_table& modules, std::uint32_t count, std::uintptr_t begin, std::uintptr_t bias,
                const char* path) noexcept {
  for (std::uint32_t i = 0; i < count; ++i) {
    const module_entry& entry = modules.entries[i];
    if (entry.begin == begin && entry.bias == bias && std::strcmp(entry.path, path) == 0) return true;
  }
  return false;
}

void add_module(module_table& modules, const dl_phdr_info& info) noexcept {
  char path[256] = {};
  if (info.dlpi_name == nullptr || info.dlpi_name[0] == '\0')
    executable_path(path);
  else
    copy_path(path, info.dlpi_name);
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
    const std::uintptr_t begin = info.dlpi_addr + segment.p_vaddr;
    // relaxed: one process writes at a time, and a fork or a wait is between them
    const std::uint32_t count = modules.count.load(std::memory_order_relaxed);
    if (count == module_table::capacity) return;
    if (has_module(modules, count, begin, info.dlpi_addr, path)) continue;
    module_entry& entry = modules.entries[count];
    entry.begin = begin;
    entry.end = begin + segment.p_memsz;
    entry.bias = info.dlpi_addr;
    std::memcpy(entry.path, path, sizeof path);
    modules.count.store(count + 1, std::memory_order_release);
  }
}

}  // namespace

std::uint64_t module_loads() noexcept {
  std::uint64_t count = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* sum) {
        *static_cast<std::uint64_t*>(sum) = info->dlpi_adds + info->dlpi_subs;  // the same for each object
        return 1;
      },
      &count);
  return count;
}

void note_modules(module_table& modules) noexcept {
  // A forked process inherits what its parent has noted; what one loads itself, the next one does not have.
  static const module_table* noted_in = nullptr;
  static std::uint64_t noted = 0;
  const std::uint64_t present = module_loads();
  if (noted_in == &modules && noted == present && modules.count.load(std::memory_order_relaxed) != 0) return;
  noted_in = &modules;
  noted = present;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* table) {
        add_module(*static_cast<module_table*>(table), *info);
        return 0;
      },
      &modules);
}

}  // namespace ravel::detail
