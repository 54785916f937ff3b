// SPDX-License-Identifier: MIT
// Remembers where each thread threw last, so that an exception that escapes can be reported with the stack
// of the throw: the C++ runtime unwinds before anyone can look. Wraps __cxa_throw; thread-local, no lock.
// Cost: one frame-pointer walk a throw inside a batch, a branch outside.
#include "throw_site.hpp"

#include "batch_process.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <typeinfo>

namespace ravel::detail {

namespace {

[[gnu::tls_model("initial-exec")]] thread_local raw_stack thrown_at;

}  // namespace

bool last_throw(raw_stack& stack) noexcept {
  stack.depth = thrown_at.depth;
  for (std::uint32_t i = 0; i < thrown_at.depth; ++i) stack.pc[i] = thrown_at.pc[i];
  return stack.depth != 0;
}

}  // namespace ravel::detail

extern "C" {

using throw_function = void (*)(void*, std::type_info*, void (*)(void*));
[[gnu::weak]] void __interceptor___cxa_throw(void*, std::type_info*, void (*)(void*));
[[gnu::weak]] void ___interceptor___cxa_throw(void*, std::type_info*, void (*)(void*));

[[gnu::visibility("default"), noreturn]] void __cxa_throw(void* object, std::type_info* type,
                                                          void (*destructor)(void*)) {
  if (ravel::detail::is_in_batch()) ravel::capture_stack(ravel::detail::thrown_at);
  throw_function next = nullptr;
  if (&___interceptor___cxa_throw != nullptr)
    next = &___interceptor___cxa_throw;
  else if (&__interceptor___cxa_throw != nullptr)
    next = &__interceptor___cxa_throw;
  else
    next = reinterpret_cast<throw_function>(dlsym(RTLD_NEXT, "__cxa_throw"));
  if (next == nullptr) std::abort();
  next(object, type, destructor);
  __builtin_unreachable();
}

}  // extern "C"
