// SPDX-License-Identifier: MIT
// See crash.hpp.
#include "crash.hpp"

#include "base/alternate_stack.hpp"
#include "base/process_end.hpp"
#include "base/processor/processor.hpp"
#include "base/raw_handler.hpp"
#include "base/stack.hpp"
#include "program_end.hpp"
#include "record/batch_process.hpp"
#include "record/escaped_exception.hpp"
#include "run.hpp"

#include <ravel/observer.hpp>

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <exception>

extern "C" {
[[gnu::weak]] void __asan_init();
}

namespace ravel::detail {

namespace {

bool is_stack_overflow(int signal, const siginfo_t& info, const void* ucontext) noexcept {
  const thread_record* record = this_thread();
  if (signal != SIGSEGV || record == nullptr || record->stack_low == 0) return false;
  const auto address = reinterpret_cast<std::uintptr_t>(info.si_addr);
  const std::uintptr_t sp = interrupted(ucontext).sp;
  // The main thread's stack grows on demand up to a limit, so its low end is not where it overflows:
  // an access near the stack pointer that faults is an overflow there, too.
  const bool is_near_sp = address + (1u << 16) > sp && address < sp + (1u << 16);
  return is_near_sp && address < record->stack_high;
}

std::atomic<std::int32_t> dying_thread{0};

void on_fatal_signal(int signal, siginfo_t* info, void* ucontext) {
  shared_run* run = is_in_batch() ? current_shared_run() : nullptr;
  if (run == nullptr) end_process(128 + signal);  // a process the target forked: its death is the target's affair
  // One report a death: others that fault meanwhile wait for the end, a fault in this handler ends at once.
  std::int32_t nobody = 0;
  const auto own_tid = static_cast<std::int32_t>(syscall(SYS_gettid));
  if (!dying_thread.compare_exchange_strong(nobody, own_tid)) {
    if (nobody == own_tid) end_process(128 + signal);
    for (;;) syscall(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0);
  }
  if (run->control.death_is_noted.exchange(1) == 0) {
    raw_stack stack;
    capture_interrupted(stack, ucontext);
    const bool is_overflow = is_stack_overflow(signal, *info, ucontext);
    // abort() is an ordinary call, so unwinding is safe; libc's own frames have no frame pointers.
    if (signal == SIGABRT) improve_by_unwinding(stack, stack.pc[0] - 1);
    std::uint64_t hash = mix(signal, is_overflow);
    if (!is_overflow) hash = mix_stack(hash, stack, signal == SIGABRT ? 8 : 3);
    if (raw_finding* finding = open_finding(finding_kind::crash, hash)) {
      finding->check.add("isolation");
      finding->what.add("by ").add(name_of_signal(signal));
      if (is_overflow) finding->what.add(": stack overflow");
      if (signal == SIGSEGV || signal == SIGBUS)
        finding->what.add(" at address ").add_hex(reinterpret_cast<std::uintptr_t>(info->si_addr));
      add_actor_here(*finding, signal == SIGABRT ? "aborted" : "crashed", &stack);
      publish(finding);
      if (!is_overflow) improve_by_unwinding(finding->actor[0].stack, stack.pc[0] - 1);
    }
  }
  end_process(128 + signal);
}

void on_snapshot(int, siginfo_t*, void* ucontext) {
  if (run* current = current_run_object(); current != nullptr && !current->kind.answers_for_others()) return;
  thread_record* record = this_thread();
  if (record == nullptr || record->snapshot_wanted.load(std::memory_order_acquire) == 0) return;
  capture_interrupted(record->snapshot, ucontext);
  say_operation(*record);
  record->snapshot_taken.store(1, std::memory_order_release);  // after the snapshot, as is the 2 below
  improve_by_unwinding(record->snapshot, record->snapshot.pc[0] - 1);
  record->snapshot_taken.store(2, std::memory_order_release);
}

void on_exit_call(int status, void*) {
  shared_run* run = is_in_batch() ? current_shared_run() : nullptr;
  if (run == nullptr || run->control.trial.load() == 0) return;
  if (current_run_object()->options.is_program) {  // exit is how a program ends: its other handlers follow
    program_called_exit(status);
    return;
  }
  if (run->control.death_is_noted.exchange(1) != 0) return;
  raw_stack stack;
  capture_stack(stack);
  if (raw_finding* finding = open_finding(finding_kind::exited, mix(status, 1))) {
    finding->check.add("isolation");
    finding->what.add("the target called exit(").add_signed(status).add(") in the middle of a round");
    add_actor_here(*finding, "called exit", &stack);
    publish(finding);
    improve_by_unwinding(finding->actor[0].stack, 0);
  }
  end_process(status == 0 ? 1 : status);
}

[[noreturn]] void on_terminate() {
  shared_run* run = is_in_batch() ? current_shared_run() : nullptr;
  if (run != nullptr && run->control.death_is_noted.exchange(1) == 0) {
    if (std::current_exception() != nullptr) {
      record_current_exception();
    } else {
      raw_stack stack;
      capture_stack(stack);
      if (raw_finding* finding = open_finding(finding_kind::crash, mix_stack(7, stack, 4))) {
        finding->check.add("isolation");
        finding->what.add("by std::terminate without an exception (a joinable std::thread destroyed?)");
        add_actor_here(*finding, "terminated", &stack);
        publish(finding);
        improve_by_unwinding(finding->actor[0].stack, 0);
      }
    }
  }
  end_process(128 + SIGABRT);
}

constexpr int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};

// "SIGRTMIN+3", as kill(1) says.
struct realtime_name {
  char text[12] = "SIGRTMIN";
};
constexpr int first_realtime = 34, last_realtime = 64;  // of those that glibc leaves to programs
constexpr auto realtime_names = [] {
  std::array<realtime_name, last_realtime - first_realtime + 1> names{};
  for (unsigned i = 1; i < names.size(); ++i) {
    char* at = names[i].text + 8;
    *at++ = '+';
    if (i >= 10) *at++ = static_cast<char>('0' + i / 10);
    *at = static_cast<char>('0' + i % 10);
  }
  return names;
}();

const char* name_of_realtime_signal(int signal) noexcept {
  if (signal < first_realtime || signal > last_realtime) return "an unknown signal";
  return realtime_names[static_cast<unsigned>(signal - first_realtime)].text;
}

}  // namespace

const char* name_of_signal(int signal) noexcept {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV (invalid memory access)";
    case SIGBUS: return "SIGBUS (access beyond the end of mapped memory)";
    case SIGFPE: return "SIGFPE (arithmetic error)";
    case SIGILL: return "SIGILL (illegal instruction)";
    case SIGABRT: return "SIGABRT (abort)";
    case SIGSYS: return "SIGSYS (forbidden system call)";
    case SIGTRAP: return "SIGTRAP (trap)";
    case SIGKILL: return "SIGKILL (killed from outside, perhaps for want of memory)";
    case SIGTERM: return "SIGTERM (asked to end from outside)";
    case SIGPIPE: return "SIGPIPE (write to a closed pipe)";
    case SIGALRM: return "SIGALRM (a timer that nobody handles)";
    case SIGVTALRM: return "SIGVTALRM (a timer that nobody handles)";
    case SIGPROF: return "SIGPROF (a timer that nobody handles)";
    case SIGUSR1: return "SIGUSR1 (sent, and nobody handles it)";
    case SIGUSR2: return "SIGUSR2 (sent, and nobody handles it)";
    case SIGHUP: return "SIGHUP (sent, and nobody handles it)";
    case SIGINT: return "SIGINT (sent, and nobody handles it)";
    case SIGQUIT: return "SIGQUIT (sent, and nobody handles it)";
    case SIGXCPU: return "SIGXCPU (more processor time than ulimit -t allows)";
    case SIGXFSZ: return "SIGXFSZ (a larger file than ulimit -f allows)";
    case SIGIO: return "SIGIO (sent, and nobody handles it)";
    case SIGPWR: return "SIGPWR (sent, and nobody handles it)";
    case SIGSTKFLT: return "SIGSTKFLT (sent, and nobody handles it)";
    default: return name_of_realtime_signal(signal);
  }
}

void watch_own_death() noexcept {
  static bool is_registered = false;  // a child inherits what its parent registered
  if (!is_registered) on_exit(on_exit_call, nullptr);
  is_registered = true;
  std::set_terminate(on_terminate);
  const bool is_asan = &__asan_init != nullptr;
  for (const int signal : fatal_signals) {
    // ASan's own handler knows more about a bad access; its report reaches the sanitizer check.
    if (is_asan && (signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL)) continue;
    set_raw_handler(signal, on_fatal_signal, SA_NODEFER);
  }
  set_raw_handler(snapshot_signal, on_snapshot, SA_RESTART);
  give_alternate_stack();
}

void stop_watching_own_death() noexcept {
  if (shared_run* run = current_shared_run()) run->control.death_is_noted.store(1);
}

}  // namespace ravel::detail
