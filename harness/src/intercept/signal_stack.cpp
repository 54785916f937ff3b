// SPDX-License-Identifier: MIT
// See signal_stack.hpp. Each thread starts without one, as POSIX has it; what Ravel or a sanitizer has set for its own
// reports is in force for those, and is not told of. Cost while no execution is in flight: a branch.
#include "signal_stack.hpp"

#include "control.hpp"
#include "next.hpp"

#include <signal.h>
#include <sys/syscall.h>

#include <cerrno>

RAVEL_NEXT(int, sigaltstack, (const stack_t* stack, stack_t* old), (stack, old))

namespace ravel::detail {

namespace {

// What the carrier had before any thread asked for another one, and who has one in force there.
struct carrier_stack {
  std::uint64_t execution;
  stack_t before;
  const void* in_force;
} carrier;

void set_real(const stack_t& stack) noexcept { system_call(SYS_sigaltstack, reinterpret_cast<long>(&stack), 0); }

void learn_before() noexcept {
  if (carrier.execution == the_execution().begun()) return;
  if (carrier.execution == 0) {
    system_call(SYS_sigaltstack, 0, reinterpret_cast<long>(&carrier.before));
    carrier.before.ss_flags &= SS_DISABLE;
    carrier.in_force = carrier.before.ss_sp;
  }
  carrier.execution = the_execution().begun();
}

}  // namespace

bool is_on_own_signal_stack(const controlled_thread& thread, const void* address) noexcept {
  const auto* low = static_cast<const char*>(thread.signal_stack);
  const auto* at = static_cast<const char*>(address);
  return thread.signal_stack_size != 0 && at >= low && at < low + thread.signal_stack_size;
}

void apply_signal_stack(const controlled_thread& self) noexcept {
  if (!self.is_carried && self.index != 0) return;  // its own kernel thread has it
  const void* wanted = self.signal_stack_size != 0 ? self.signal_stack : carrier.before.ss_sp;
  if (carrier.in_force == wanted) return;
  carrier.in_force = wanted;
  stack_t stack = carrier.before;
  if (self.signal_stack_size != 0) {
    stack.ss_sp = self.signal_stack;
    stack.ss_size = self.signal_stack_size;
    stack.ss_flags = 0;
  }
  set_real(stack);
}

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, sigaltstack, (const stack_t* stack, stack_t* old)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_sigaltstack(stack, old);
  const bool is_on_it = is_on_own_signal_stack(*self, __builtin_frame_address(0));
  if (old != nullptr) {
    old->ss_sp = self->signal_stack;
    old->ss_size = self->signal_stack_size;
    old->ss_flags = self->signal_stack_size == 0 ? SS_DISABLE : is_on_it ? SS_ONSTACK : 0;
  }
  if (stack == nullptr) return 0;
  int error = 0;
  const bool is_off = (stack->ss_flags & SS_DISABLE) != 0;
  constexpr int autodisarm = 1 << 31;  // SS_AUTODISARM: of no matter here, handlers are calls
  if (is_on_it)
    error = EPERM;
  else if ((stack->ss_flags & ~(SS_DISABLE | SS_ONSTACK | autodisarm)) != 0)
    error = EINVAL;
  else if (!is_off && stack->ss_size < 2'048)  // the kernel's least, which is smaller than the headers' by now
    error = ENOMEM;
  if (error != 0) {
    errno = error;
    return -1;
  }
  self->signal_stack = is_off ? nullptr : stack->ss_sp;
  self->signal_stack_size = is_off ? 0 : stack->ss_size;
  if (!self->is_carried && self->index != 0) return next_sigaltstack(stack, nullptr);
  learn_before();
  execution& execution = the_execution();
  for (std::uint32_t i = 0; i < execution.thread_count(); ++i) execution.thread(i).on_resume |= has_own_stack;
  apply_signal_stack(*self);
  return 0;
}
