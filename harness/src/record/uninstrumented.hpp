// SPDX-License-Identifier: MIT
// What a sanitizer cannot see into. See uninstrumented.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

struct dl_phdr_info;

namespace ravel::detail {

// Shared libraries of this process that a sanitizer of the given variant ("thread", "address") cannot see
// into, well-known system libraries left out. Empty for plain.
[[nodiscard]] std::vector<std::string> uninstrumented_modules(const std::string& variant);
// By the file's name: of the C and C++ libraries, of sanitizers, of Valgrind, of Catch2.
[[nodiscard]] bool is_system_file(std::string_view name) noexcept;
// The executable's name is empty, and it is no system module.
[[nodiscard]] bool is_system_module(const dl_phdr_info& info) noexcept;
// Those modules, as the loader knows them.
void for_each_uninstrumented(const char* variant, void (*look)(const dl_phdr_info& info)) noexcept;

}  // namespace ravel::detail
