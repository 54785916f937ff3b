// SPDX-License-Identifier: MIT
// See lock_events.hpp: the observer in force, and which code counts as the C++ library's or libc's own.
// The ranges of those libraries are read once per process; one loaded later is taken for the target's.
#include "lock_events.hpp"

#include <link.h>

#include <cstring>

namespace ravel::detail {

std::atomic<lock_observer*> watching_observer{nullptr};

namespace {

struct code_range {
  std::uintptr_t low, high;
};
constexpr std::uint32_t most_ranges = 32;
code_range ranges[most_ranges];
code_range around_all = {~std::uintptr_t{0}, 0};  // one comparison settles it for calls from the executable
std::uint32_t range_count = 0;
bool is_known = false;

bool is_library_name(const char* path) noexcept {
  static constexpr const char* names[] = {"libstdc++.so", "libc++.so",  "libc++abi.so", "libgcc_s.so", "libc.so",
                                          "libc-",        "libm.so",    "libpthread",   "libdl.so",    "librt.so",
                                          "ld-linux",     "libtsan.so", "libasan.so",   "libubsan.so", "liblsan.so",
                                          "libclang_rt",  "vgpreload",  "linux-vdso"};
  const char* slash = std::strrchr(path, '/');
  const char* file = slash == nullptr ? path : slash + 1;
  for (const char* name : names)
    if (std::strncmp(file, name, std::strlen(name)) == 0) return true;
  return false;
}

int add_ranges(dl_phdr_info* info, std::size_t, void*) {
  if (info->dlpi_name == nullptr || !is_library_name(info->dlpi_name)) return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0 || range_count == most_ranges) continue;
    const std::uintptr_t low = info->dlpi_addr + segment.p_vaddr;
    const code_range range{low, low + segment.p_memsz};
    ranges[range_count++] = range;
    if (range.low < around_all.low) around_all.low = range.low;
    if (range.high > around_all.high) around_all.high = range.high;
  }
  return 0;
}

}  // namespace

bool is_library_code(std::uintptr_t pc) noexcept {
  if (pc < around_all.low || pc >= around_all.high) [[likely]]
    return false;
  for (std::uint32_t i = 0; i < range_count; ++i)
    if (pc - ranges[i].low < ranges[i].high - ranges[i].low) return true;
  return false;
}

void learn_library_ranges() noexcept {
  if (is_known) return;
  dl_iterate_phdr(add_ranges, nullptr);
  is_known = true;
}

void watch_memory(bool is_wanted) noexcept;  // free.cpp

}  // namespace ravel::detail

namespace ravel {

void set_lock_observer(lock_observer* observer) noexcept {
  if (observer != nullptr) detail::learn_library_ranges();
  // release: a thread that is not stopped meanwhile calls a finished object through the pointer that it loads
  detail::watching_observer.store(observer, std::memory_order_release);
  detail::watch_memory(observer != nullptr);
}

}  // namespace ravel
