// SPDX-License-Identifier: MIT
// See runtime_symbolizer.hpp.
#include "runtime_symbolizer.hpp"

#include "runtime.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <unistd.h>

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

void ask_about(void* address) noexcept {
  char text[64];
  __sanitizer_symbolize_pc(address, "%f", text, sizeof text);
}

}  // namespace

void start_quiet_symbolizer() noexcept {
  if (__sanitizer_symbolize_pc == nullptr || is_shared_runtime()) return;
  const int kept = fcntl(2, F_DUPFD_CLOEXEC, 3);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (kept >= 0 && nowhere >= 0) {
    dup2(nowhere, 2);
    // The loader is a small file that is always there.
    ask_about(reinterpret_cast<void*>(getauxval(AT_BASE) + 4096));
    dup2(kept, 2);
  }
  if (nowhere >= 0) close(nowhere);
  if (kept >= 0) close(kept);
}

void warm_symbolizer(std::uintptr_t place) noexcept {
  if (__sanitizer_symbolize_pc == nullptr || !is_shared_runtime()) return;
  ask_about(reinterpret_cast<void*>(place));
}

}  // namespace ravel::checks::sanitizers
