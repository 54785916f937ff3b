// SPDX-License-Identifier: MIT
// Ravel's own calls of the dynamic loader, which are no steps of the target: they go to libc, past the interceptions.
// The archives are rewritten after they are built (cmake/RavelLibrary.cmake): dlsym becomes ravel_dlsym, and so on.
// Found by dlvsym, which is not intercepted. Thread safety: any thread. Cost: a load and a call more.
#include <dlfcn.h>
#include <link.h>

#include <atomic>

namespace {

#if defined(__aarch64__)
constexpr const char* oldest_version = "GLIBC_2.17";
#else
constexpr const char* oldest_version = "GLIBC_2.2.5";
#endif

// relaxed: the same value whoever stores it
void* libc_call(std::atomic<void*>& known, const char* name) noexcept {
  if (void* found = known.load(std::memory_order_relaxed)) return found;
  void* found = dlvsym(RTLD_NEXT, name, oldest_version);
  known.store(found, std::memory_order_relaxed);
  return found;
}

constinit std::atomic<void*> real_dlopen{nullptr}, real_dlsym{nullptr}, real_dladdr{nullptr}, real_iterate{nullptr};

}  // namespace

extern "C" {
void* ravel_dlopen(const char* file, int mode) {
  return reinterpret_cast<void* (*)(const char*, int)>(libc_call(real_dlopen, "dlopen"))(file, mode);
}
void* ravel_dlsym(void* library, const char* name) {
  return reinterpret_cast<void* (*)(void*, const char*)>(libc_call(real_dlsym, "dlsym"))(library, name);
}
int ravel_dladdr(const void* address, Dl_info* info) {
  return reinterpret_cast<int (*)(const void*, Dl_info*)>(libc_call(real_dladdr, "dladdr"))(address, info);
}
int ravel_dl_iterate_phdr(int (*call)(dl_phdr_info*, std::size_t, void*), void* data) {
  using visitor = int (*)(dl_phdr_info*, std::size_t, void*);
  return reinterpret_cast<int (*)(visitor, void*)>(libc_call(real_iterate, "dl_iterate_phdr"))(call, data);
}
}
