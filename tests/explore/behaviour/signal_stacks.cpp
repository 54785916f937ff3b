// SPDX-License-Identifier: MIT
// Stacks for handlers, and handlers for a thread's own faults: both are the thread's, whoever it shares a kernel thread
// with.
#include "signals.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <csetjmp>
#include <cstdint>
#include <vector>

using namespace behaviour;

namespace {

constexpr std::size_t stack_bytes = 64 << 10;

thread_local std::uintptr_t stack_low = 0;
thread_local int on_stack = 0, refused = 0;

[[gnu::noinline]] bool is_on_stack() {
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  return here >= stack_low && here < stack_low + stack_bytes;
}
void look_where(int) {
  if (!is_on_stack()) return;
  ++on_stack;
  stack_t now{};
  if (sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_ONSTACK) == 0) return;
  if (sigaltstack(&now, nullptr) == -1 && errno == EPERM) ++refused;
}
void look_and_go_on(int) {
  look_where(0);
  raise(SIGUSR2);
}

// Some threads at once, each with a stack of its own for its handlers.
template <class Run>
void with_own_stacks(ravel::trial& trial, Run run) {
  trial.threads(2, "user", [&](ravel::worker& me) {
    stack_t before{};
    sigaltstack(nullptr, &before);
    std::vector<char> memory(stack_bytes);
    stack_low = reinterpret_cast<std::uintptr_t>(memory.data());
    on_stack = refused = 0;
    stack_t own{};
    own.ss_sp = memory.data();
    own.ss_size = memory.size();
    me.require_equal(sigaltstack(&own, nullptr), 0, "set");
    run(me);
    stack_t now{};
    sigaltstack(nullptr, &now);
    me.require(now.ss_sp == own.ss_sp && now.ss_size == own.ss_size && now.ss_flags == 0, "the thread's own, not used");
    own.ss_flags = SS_DISABLE;
    me.require_equal(sigaltstack(&own, nullptr), 0, "no more");
    sigaltstack(nullptr, &now);
    me.require((now.ss_flags & SS_DISABLE) != 0, "none");
    sigaltstack(&before, nullptr);
  });
  trial.run();
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "handlers on a stack of the thread's own",
                 .options = {.executions = 100},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, look_and_go_on, SA_ONSTACK);
                   handle(SIGUSR2, look_where, SA_ONSTACK);
                   handle(SIGWINCH, look_where);
                   with_own_stacks(trial, [](ravel::worker& me) {
                     raise(SIGUSR1);
                     me.require_equal(on_stack, 2, "both handlers ran there, the second one in the first");
                     me.require_equal(refused, 2, "it stays while it is used");
                     raise(SIGWINCH);
                     me.require_equal(on_stack, 2, "one that did not ask for it runs on the thread's");
                   });
                 }});

namespace {

thread_local sigjmp_buf before_fault;
thread_local std::uintptr_t faulted_at = 0;
std::atomic<int> faults{0};

void leave_by_jump(int, siginfo_t* info, void*) {
  ++faults;  // a point: another thread may go on, and fault, too
  faulted_at = reinterpret_cast<std::uintptr_t>(info->si_addr);
  on_stack += is_on_stack() ? 1 : 0;
  siglongjmp(before_fault, 1);
}
void let_write(int, siginfo_t* info, void*) {
  ++faults;
  const auto page = reinterpret_cast<std::uintptr_t>(info->si_addr) & ~std::uintptr_t{4'095};
  mprotect(reinterpret_cast<void*>(page), 4'096, PROT_READ | PROT_WRITE);
}

void handle_faults(void (*handler)(int, siginfo_t*, void*), int flags) {
  struct sigaction action{};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | flags;
  sigaction(SIGSEGV, &action, nullptr);
}

volatile char* new_page() {
  return static_cast<volatile char*>(mmap(nullptr, 4'096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

class own_faults {
 public:
  own_faults(void (*handler)(int, siginfo_t*, void*), int flags) {
    sigaction(SIGSEGV, nullptr, &before_);
    handle_faults(handler, flags);
  }
  ~own_faults() { sigaction(SIGSEGV, &before_, nullptr); }
  own_faults(const own_faults&) = delete;
  own_faults& operator=(const own_faults&) = delete;

 private:
  struct sigaction before_{};
};

}  // namespace

RAVEL_BEHAVIOUR({.name = "faults that are left by a jump",
                 .options = {.executions = 100},
                 .body = [](ravel::trial& trial) {
                   const own_faults handled(leave_by_jump, SA_ONSTACK);
                   with_own_stacks(trial, [](ravel::worker& me) {
                     for (int i = 0; i < 2; ++i) {
                       volatile char* page = new_page();
                       if (sigsetjmp(before_fault, 1) == 0) {
                         page[i] = 1;
                         me.require(false, "it faults");
                       }
                       me.require_equal(faulted_at, reinterpret_cast<std::uintptr_t>(page + i), "its own");
                       sigset_t now;
                       pthread_sigmask(SIG_BLOCK, nullptr, &now);
                       me.require(sigismember(&now, SIGSEGV) == 0, "the mask is as before");
                       munmap(const_cast<char*>(page), 4'096);
                     }
                     me.require_equal(on_stack, 2, "handled on the thread's own stack");
                   });
                 }});
RAVEL_BEHAVIOUR({.name = "faults that are mended", .options = {.executions = 100}, .body = [](ravel::trial& trial) {
                   const own_faults handled(let_write, 0);
                   struct sigaction now{};
                   sigaction(SIGSEGV, nullptr, &now);
                   trial.require(now.sa_sigaction == let_write && (now.sa_flags & SA_SIGINFO) != 0, "what was set");
                   faults = 0;
                   trial.threads(3, "user", [](ravel::worker& me) {
                     volatile char* page = new_page();
                     page[7] = 5;
                     me.require_equal(static_cast<int>(page[7]), 5, "written after all");
                     munmap(const_cast<char*>(page), 4'096);
                   });
                   trial.run();
                   trial.require_equal(faults.load(), 3, "one each");
                 }});
