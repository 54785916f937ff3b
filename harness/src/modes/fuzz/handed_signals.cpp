// SPDX-License-Identifier: MIT
// See handed_signals.hpp.
#include "handed_signals.hpp"

#include "base/alternate_stack.hpp"
#include "base/raw_handler.hpp"
#include "engine/engine.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstdint>

extern "C" {
[[gnu::weak]] void __tsan_init();
}

namespace ravel::detail {

namespace {

constexpr int handed[] = {SIGALRM, SIGSEGV, SIGBUS,  SIGFPE,  SIGILL, SIGABRT,
                          SIGXFSZ, SIGINT,  SIGTERM, SIGUSR1, SIGUSR2};
constexpr int most_signals = 65;
kernel_action before[most_signals] = {};

[[gnu::noinline]] void call_before(int signal, siginfo_t* info, void* context) noexcept {
  const kernel_action& old = before[signal];
  if ((old.flags & SA_SIGINFO) != 0)
    old.handler(signal, info, context);
  else
    reinterpret_cast<void (*)(int)>(reinterpret_cast<void*>(old.handler))(signal);
}

// Those that save the input need no thread's memory but for the alarm's, whose handler asks for it; and under TSan,
// which then lives more often through printing the stack of a thread whose stack has overflowed. Else a stack is
// printed by whose it is.
void hand_on(int signal, siginfo_t* info, void* context) {
  const bool is_carrier = system_call(SYS_gettid) == the_engine().carrier_id();
  controlled_thread* running = control.running;
  if (!is_carrier || running == nullptr) return call_before(signal, info, context);
  control.running = nullptr;
  const std::uintptr_t own = the_engine().carrier_pointer(), now = thread_pointer();
  const bool is_moved = (signal == SIGALRM || &__tsan_init != nullptr) && now != own;
  if (is_moved) set_thread_pointer(own);
  call_before(signal, info, context);
  if (is_moved) set_thread_pointer(now);
  control.running = running;
}

// Where a stack has overflowed: what is called there symbolises, which takes more than a sanitizer's own.
void give_large_alternate_stack() noexcept {
  constexpr std::size_t bytes = std::size_t{4} << 20;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return give_alternate_stack();
  stack_t own{};
  own.ss_sp = memory;
  own.ss_size = bytes;
  sigaltstack(&own, nullptr);
}

}  // namespace

void hand_signals_on() noexcept {
  give_large_alternate_stack();
  for (const int signal : handed) {
    before[signal] = raw_action(signal);
    const auto handler = reinterpret_cast<std::uintptr_t>(before[signal].handler);
    if (handler == reinterpret_cast<std::uintptr_t>(SIG_DFL) || handler == reinterpret_cast<std::uintptr_t>(SIG_IGN))
      continue;
    set_raw_handler(signal, hand_on, before[signal].flags & (SA_RESTART | SA_NODEFER));
  }
}

}  // namespace ravel::detail
