// SPDX-License-Identifier: MIT
// Names of variables by the ELF symbol tables of the loaded modules: .symtab, which also has names that are
// not exported, else .dynsym. One thread at a time. Cost: one read of a module's table, then O(log symbols).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ravel::detail {

struct object_symbol {
  std::uintptr_t value;  // in the file's own addresses
  std::size_t size;
  std::string name;  // mangled
};

// Where static storage is found in its file; the path is empty for other memory.
struct static_place {
  std::string module;
  std::uintptr_t in_file = 0;
};
[[nodiscard]] static_place static_place_of(const void* address);

// The variables of an ELF file, by address; empty when it cannot be read.
[[nodiscard]] std::vector<object_symbol> read_object_symbols(const std::string& path);

}  // namespace ravel::detail
