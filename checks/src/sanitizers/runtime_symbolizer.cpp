// SPDX-License-Identifier: MIT
// See runtime_symbolizer.hpp.
#include "runtime_symbolizer.hpp"

#include "runtime.hpp"

#include <dlfcn.h>

#include <cstring>

namespace ravel::checks::sanitizers {

namespace {

bool is_shared_runtime() noexcept {
  Dl_info known{};
  if (__sanitizer_symbolize_pc == nullptr) return false;
  if (dladdr(reinterpret_cast<void*>(__sanitizer_symbolize_pc), &known) == 0 || known.dli_fname == nullptr)
    return false;
  return std::strstr(known.dli_fname, "san.so") != nullptr;
}

}  // namespace

void warm_symbolizer(std::uintptr_t place) noexcept {
  if (__sanitizer_symbolize_pc == nullptr || !is_shared_runtime()) return;
  char text[64];
  __sanitizer_symbolize_pc(reinterpret_cast<void*>(place), "%f", text, sizeof text);
}

}  // namespace ravel::checks::sanitizers
