// SPDX-License-Identifier: MIT
// Which shared libraries of this process a sanitizer cannot see into: those whose dynamic symbols name none of
// its run-time functions. The executable itself is not looked at: its variant is the one being run.
// A library without any memory access worth instrumenting could be named wrongly; compilers call the run-time
// library at function entry, so that has not been seen. Thread safety: as dl_iterate_phdr. Cost: one pass over
// the string tables of the loaded libraries.
#include "uninstrumented.hpp"

#include <link.h>

#include <cstring>
#include <string_view>

namespace ravel::detail {

namespace {

// Not the user's to instrument: the C and C++ libraries, the sanitizers' and Valgrind's own parts; and the framework.
constexpr std::string_view well_known[] = {
    "libc.",    "libm.",    "libdl.",     "librt.",   "libpthread.",  "libresolv.", "libutil.",   "ld-linux",
    "ld.so",    "ld64",     "libstdc++.", "libc++.",  "libc++abi.",   "libgcc_s.",  "libunwind.", "libatomic.",
    "libtsan.", "libasan.", "libubsan.",  "liblsan.", "libclang_rt.", "linux-vdso", "linux-gate", "vgpreload_",
    "libgcov.", "libnss_",  "libanl.",    "libmvec.", "libCatch2",
};

bool is_well_known(std::string_view name) {
  for (const std::string_view known : well_known)
    if (name.starts_with(known)) return true;
  return false;
}

// The library's dynamic string table, where the names of all its imports and exports are.
std::string_view dynamic_names(const dl_phdr_info& info) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    if (info.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    std::uintptr_t table = 0;
    std::size_t size = 0;
    for (auto* entry = reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + info.dlpi_phdr[i].p_vaddr);
         entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_STRTAB) table = entry->d_un.d_ptr;
      if (entry->d_tag == DT_STRSZ) size = entry->d_un.d_val;
    }
    // glibc relocates this pointer in place; other loaders leave it as it is in the file.
    if (table != 0 && table < info.dlpi_addr) table += info.dlpi_addr;
    if (table != 0) return {reinterpret_cast<const char*>(table), size};
  }
  return {};
}

// Names in the table are separated by zero bytes, so this finds the beginning of one.
std::string_view prefix_of(std::string_view variant) {
  using namespace std::string_view_literals;
  if (variant == "thread") return "\0__tsan_"sv;
  return variant == "address" ? "\0__asan_"sv : std::string_view();
}

std::string_view file_name(const dl_phdr_info& info) {
  std::string_view name = info.dlpi_name == nullptr ? "" : info.dlpi_name;
  name.remove_prefix(name.rfind('/') + 1);
  return name;
}

struct search {
  std::string_view prefix;
  void (*look)(const dl_phdr_info& info);
};

int look_at(dl_phdr_info* info, std::size_t, void* argument) {
  const search& wanted = *static_cast<const search*>(argument);
  if (file_name(*info).empty() || is_system_module(*info)) return 0;  // empty: the executable
  if (dynamic_names(*info).find(wanted.prefix) == std::string_view::npos) wanted.look(*info);
  return 0;
}

}  // namespace

bool is_system_file(std::string_view name) noexcept { return is_well_known(name); }
bool is_system_module(const dl_phdr_info& info) noexcept { return is_well_known(file_name(info)); }

void for_each_uninstrumented(const char* variant, void (*look)(const dl_phdr_info& info)) noexcept {
  search wanted{prefix_of(variant), look};
  if (!wanted.prefix.empty()) dl_iterate_phdr(look_at, &wanted);
}

std::vector<std::string> uninstrumented_modules(const std::string& variant) {
  static std::vector<std::string> found;
  found.clear();
  for_each_uninstrumented(variant.c_str(), [](const dl_phdr_info& info) { found.emplace_back(file_name(info)); });
  return found;
}

}  // namespace ravel::detail
