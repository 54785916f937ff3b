// SPDX-License-Identifier: MIT
// The function that an interception hands the call on to: the sanitizer's interceptor where one is linked
// (___interceptor_X from clang 17 on, __interceptor_X in gcc and older clang), else libc's.
// Thread safety: any thread, also before main: the pointer starts at a resolver, so that a later call costs
// one load and an indirect jump. Resolution uses dlsym, which allocates nothing for a symbol that exists.
#pragma once

#include <dlfcn.h>

#include <atomic>

namespace ravel::detail {

// The newest version of a libc function; `version` first, for names whose oldest version has another layout.
template <class Function>
Function libc_function(const char* name, const char* version) noexcept {
  void* found = version == nullptr ? nullptr : dlvsym(RTLD_NEXT, name, version);
  if (found == nullptr) found = dlsym(RTLD_NEXT, name);
  return reinterpret_cast<Function>(found);
}

}  // namespace ravel::detail

// Makes next_<name>, to be called like <name>.
#define RAVEL_NEXT_VERSIONED(result, name, version, parameters, arguments)                            \
  extern "C" {                                                                                        \
  [[gnu::weak]] result ___interceptor_##name parameters;                                              \
  [[gnu::weak]] result __interceptor_##name parameters;                                               \
  }                                                                                                   \
  namespace ravel::detail {                                                                           \
  [[maybe_unused]] static bool is_known_to_sanitizer_##name() noexcept {                              \
    return ___interceptor_##name != nullptr || __interceptor_##name != nullptr;                       \
  }                                                                                                   \
  static result resolve_##name parameters;                                                            \
  static std::atomic<result(*) parameters> next_##name##_pointer{&resolve_##name};                    \
  static result(*find_##name() noexcept) parameters {                                                 \
    return ___interceptor_##name != nullptr  ? ___interceptor_##name                                  \
           : __interceptor_##name != nullptr ? __interceptor_##name                                   \
                                             : libc_function<result(*) parameters>(#name, version);   \
  }                                                                                                   \
  static result resolve_##name parameters {                                                           \
    result(*found) parameters = find_##name();                                                        \
    next_##name##_pointer.store(found, std::memory_order_relaxed); /* same value whoever stores it */ \
    return found arguments;                                                                           \
  }                                                                                                   \
  /* Before any thread where it can be: DRD takes a store between threads for a race. */              \
  [[gnu::constructor]] static void settle_##name() noexcept {                                         \
    next_##name##_pointer.store(find_##name(), std::memory_order_relaxed);                            \
  }                                                                                                   \
  [[gnu::always_inline]] static inline result next_##name parameters {                                \
    return next_##name##_pointer.load(std::memory_order_relaxed) arguments;                           \
  }                                                                                                   \
  }
#define RAVEL_NEXT(result, name, parameters, arguments) \
  RAVEL_NEXT_VERSIONED(result, name, nullptr, parameters, arguments)

// Starts the strong definition of <name>. The label keeps libc's own declaration, whose exception
// specification differs by function and version, out of the way.
#define RAVEL_INTERCEPT(result, name, parameters)                                                \
  extern "C" [[gnu::visibility("default")]] result intercepted_##name parameters __asm__(#name); \
  extern "C" [[gnu::visibility("default")]] result intercepted_##name parameters

#define RAVEL_CALLER (reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)))
