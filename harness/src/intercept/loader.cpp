// SPDX-License-Identifier: MIT
// The dynamic loader's lock, which lies inside libc: callbacks of dl_iterate_phdr and constructors of a library that is
// loaded run while it is held, and a thread that waited for it there would block all others. Under control the model
// alone says whose turn it is. Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "count_calls.hpp"
#include "next.hpp"
#include "turn.hpp"
#include "uncontrolled.hpp"

#include <dlfcn.h>
#include <link.h>

#include <cstring>
#include <memory>
#include <optional>
#include <string>

RAVEL_NEXT(int, dl_iterate_phdr, (int (*call)(dl_phdr_info*, std::size_t, void*), void* data), (call, data))
RAVEL_NEXT(void*, dlopen, (const char* file, int mode), (file, mode))
RAVEL_NEXT(void*, dlmopen, (Lmid_t space, const char* file, int mode), (space, file, mode))
RAVEL_NEXT(int, dladdr1, (const void* address, Dl_info* info, void** extra, int which), (address, info, extra, which))
RAVEL_NEXT(int, dlclose, (void* library), (library))
RAVEL_NEXT(int, dladdr, (const void* address, Dl_info* info), (address, info))

extern "C" {
[[gnu::visibility("hidden")]] void* (*ravel_real_dlsym)(void* library, const char* name);
}

namespace ravel::detail {

namespace {

const char loader = 0;  // its address stands for the lock

// No point where nobody has it: sanitizers ask the loader, too, under locks of their own.
class loader_turn {
 public:
  explicit loader_turn(std::uintptr_t pc) {
    if (controlled_thread* self = in_control())
      turn_.emplace(*self, event_on(operation::acquire, &loader, pc), turn::without_point);
  }

 private:
  std::optional<turn> turn_;
};

// What dlopen looks for depends on the library that calls it, and that is Ravel's by now: the caller's own path.
void* open_by_path_of(std::uintptr_t pc, const char* file, int mode) {
  Dl_info info;
  link_map* caller = nullptr;
  if (next_dladdr1(reinterpret_cast<void*>(pc), &info, reinterpret_cast<void**>(&caller), RTLD_DL_LINKMAP) == 0)
    return nullptr;
  if (caller == nullptr || caller->l_name == nullptr || caller->l_name[0] == '\0')
    return nullptr;  // the program itself
  Dl_serinfo size;
  if (dlinfo(caller, RTLD_DI_SERINFOSIZE, &size) != 0) return nullptr;
  const auto memory = std::make_unique<char[]>(size.dls_size);
  auto* paths = reinterpret_cast<Dl_serinfo*>(memory.get());
  if (dlinfo(caller, RTLD_DI_SERINFOSIZE, paths) != 0 || dlinfo(caller, RTLD_DI_SERINFO, paths) != 0) return nullptr;
  for (unsigned i = 0; i < paths->dls_cnt; ++i)
    if (void* found = next_dlopen((std::string(paths->dls_serpath[i].dls_name) + "/" + file).c_str(), mode))
      return found;
  return nullptr;
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, dl_iterate_phdr, (int (*call)(dl_phdr_info*, std::size_t, void*), void* data)) {
  const loader_turn own(RAVEL_CALLER);
  return next_dl_iterate_phdr(call, data);
}
RAVEL_INTERCEPT(void*, dlopen, (const char* file, int mode)) {
  was_library_opened = true;
  const loader_turn own(RAVEL_CALLER);
  void* found = next_dlopen(file, mode);
  if (found == nullptr && file != nullptr && std::strchr(file, '/') == nullptr) {
    found = open_by_path_of(RAVEL_CALLER, file, mode);
    if (found == nullptr) return next_dlopen(file, mode);  // so that dlerror() says why
  }
  return found;
}
RAVEL_INTERCEPT(void*, dlmopen, (Lmid_t space, const char* file, int mode)) {
  if (space != LM_ID_BASE)
    tell_uncontrolled("dlmopen", "a library in a namespace of its own has a libc of its own, which is not controlled",
                      RAVEL_CALLER);
  const loader_turn own(RAVEL_CALLER);
  return next_dlmopen(space, file, mode);
}
RAVEL_INTERCEPT(int, dlclose, (void* library)) {
  const loader_turn own(RAVEL_CALLER);
  return next_dlclose(library);
}
RAVEL_INTERCEPT(int, dladdr, (const void* address, Dl_info* info)) {
  const loader_turn own(RAVEL_CALLER);
  return next_dladdr(address, info);
}
RAVEL_INTERCEPT(int, dladdr1, (const void* address, Dl_info* info, void** extra, int which)) {
  const loader_turn own(RAVEL_CALLER);
  return next_dladdr1(address, info, extra, which);
}

// Before dlsym: nobody has the lock then.
extern "C" [[gnu::visibility("hidden")]] void ravel_await_loader() noexcept {
  if (ravel_real_dlsym == nullptr) {
#if defined(__aarch64__)
    constexpr const char* oldest = "GLIBC_2.17";
#else
    constexpr const char* oldest = "GLIBC_2.2.5";
#endif
    ravel_real_dlsym = reinterpret_cast<void* (*)(void*, const char*)>(dlvsym(RTLD_NEXT, "dlsym", oldest));
  }
  const loader_turn own(0);
}

// dlsym: what RTLD_NEXT means depends on who calls, so the real one must see the caller's return address: it is jumped
// to, after a call that waits until nobody has the loader's lock.
#if defined(__aarch64__)
asm(R"(
    .pushsection .text
    .globl dlsym
    .type dlsym, %function
dlsym:
    .cfi_startproc
    stp x0, x1, [sp, -32]!
    .cfi_adjust_cfa_offset 32
    str x30, [sp, 16]
    .cfi_offset 30, -16
    bl ravel_await_loader
    ldr x30, [sp, 16]
    .cfi_restore 30
    ldp x0, x1, [sp], 32
    .cfi_adjust_cfa_offset -32
    adrp x16, ravel_real_dlsym
    ldr x16, [x16, :lo12:ravel_real_dlsym]
    br x16
    .cfi_endproc
    .size dlsym, .-dlsym
    .popsection
)");
#else
asm(R"(
    .pushsection .text
    .globl dlsym
    .type dlsym, @function
dlsym:
    .cfi_startproc
    endbr64
    pushq %rdi
    .cfi_adjust_cfa_offset 8
    pushq %rsi
    .cfi_adjust_cfa_offset 8
    subq $8, %rsp
    .cfi_adjust_cfa_offset 8
    call ravel_await_loader
    addq $8, %rsp
    .cfi_adjust_cfa_offset -8
    popq %rsi
    .cfi_adjust_cfa_offset -8
    popq %rdi
    .cfi_adjust_cfa_offset -8
    movq ravel_real_dlsym(%rip), %rax
    jmp *%rax
    .cfi_endproc
    .size dlsym, .-dlsym
    .popsection
)");
#endif
