// SPDX-License-Identifier: MIT
// The modules that processes of the run have loaded: what a program counter belongs to. See modules.cpp.
#pragma once

#include <atomic>
#include <cstdint>

namespace ravel::detail {

// A module (executable or shared library) that some process of the run had loaded.
struct module_entry {
  std::uintptr_t begin, end;  // executable mapping
  std::uintptr_t bias;        // pc - bias is the address in the file
  char path[256];
};
struct module_table {
  static constexpr std::uint32_t capacity = 256;
  std::atomic<std::uint32_t> count;
  module_entry entries[capacity];
};
// Adds the modules of the calling process that are not there yet. Not from hooks or signal handlers.
void note_modules(module_table& modules) noexcept;
// How often this process has loaded or unloaded a shared object. Cost: one call of dl_iterate_phdr.
[[nodiscard]] std::uint64_t module_loads() noexcept;

}  // namespace ravel::detail
