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

// Not the user's to instrument: the C and C++ libraries, the sanitizers' and Valgrind's own parts.
constexpr std::string_view well_known[] = {
    "libc.",      "libm.",      "libdl.",     "librt.",     "libpthread.", "libresolv.", "libutil.",
    "ld-linux",   "ld.so",      "ld64",       "libstdc++.", "libc++.",     "libc++abi.", "libgcc_s.",
    "libunwind.", "libatomic.", "libtsan.",   "libasan.",   "libubsan.",   "liblsan.",   "libclang_rt.",
    "linux-vdso", "linux-gate", "vgpreload_", "libgcov.",   "libnss_",     "libanl.",    "libmvec.",
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

struct search {
  std::string_view prefix;
  std::vector<std::string> found;
};

int look_at(dl_phdr_info* info, std::size_t, void* argument) {
  search& result = *static_cast<search*>(argument);
  std::string_view name = info->dlpi_name == nullptr ? "" : info->dlpi_name;
  if (name.empty()) return 0;  // the executable
  name.remove_prefix(name.rfind('/') + 1);
  if (is_well_known(name)) return 0;
  if (dynamic_names(*info).find(result.prefix) == std::string_view::npos) result.found.emplace_back(name);
  return 0;
}

}  // namespace

std::vector<std::string> uninstrumented_modules(const std::string& variant) {
  using namespace std::string_view_literals;
  if (variant != "thread" && variant != "address") return {};
  // Names in the table are separated by zero bytes, so this finds the beginning of one.
  search result{variant == "thread" ? "\0__tsan_"sv : "\0__asan_"sv, {}};
  dl_iterate_phdr(look_at, &result);
  return result.found;
}

}  // namespace ravel::detail
