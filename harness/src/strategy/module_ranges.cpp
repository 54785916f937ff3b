// SPDX-License-Identifier: MIT
// See module_ranges.hpp.
#include "module_ranges.hpp"

#include <link.h>

#include <algorithm>
#include <cstdint>

namespace ravel::detail {

namespace {

struct range {
  std::uintptr_t begin, end;
};
constexpr std::uint32_t most_ranges = 4096;
range ranges[most_ranges];
std::uint32_t range_count = 0;

int note_one(dl_phdr_info* module, std::size_t, void*) {
  for (int i = 0; i < module->dlpi_phnum && range_count < most_ranges; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) == 0) continue;
    const std::uintptr_t begin = module->dlpi_addr + segment.p_vaddr;
    ranges[range_count++] = {begin, begin + segment.p_memsz};
  }
  return 0;
}

}  // namespace

void note_module_ranges() noexcept {
  range_count = 0;
  dl_iterate_phdr(note_one, nullptr);
  std::sort(ranges, ranges + range_count, [](const range& one, const range& other) { return one.begin < other.begin; });
}

bool is_in_module(const void* address) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  const range* after = std::upper_bound(ranges, ranges + range_count, at,
                                        [](std::uintptr_t value, const range& one) { return value < one.begin; });
  return after != ranges && at < after[-1].end;
}

}  // namespace ravel::detail
