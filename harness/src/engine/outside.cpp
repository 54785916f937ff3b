// SPDX-License-Identifier: MIT
// The part of execution.hpp where threads wait for what comes from outside of the execution: input, child processes,
// signals. The one place where real time passes: 200 looks a millisecond apart, then the execution is given up; while
// the target has child processes, until the watchdog ends it.
#include "execution.hpp"

#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <cerrno>

namespace ravel::detail {

namespace {

constexpr std::uint32_t most_outside_looks = 200;  // a millisecond each; more only while child processes run
constexpr std::uint32_t looks_for_signals = 20;    // those that others in the execution send need no look

const char outside = 0;  // its address stands for all that is outside of the execution

bool has_child_processes() noexcept {
  siginfo_t info;
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

}  // namespace

sync_object& execution::outside_queue() noexcept { return object(&outside); }

// Nothing can run, and somebody waits for input: really waits for a moment, then lets them look. Those who can be asked
// whether it has come are not let to look in vain: how often depends on the machine, and strategies would see it. Nor
// is it left to the machine who of them is first: what the others wait for may come earlier, but is let in later, if
// what the first one waits for comes soon.
bool execution::look_outside() noexcept {
  sync_object& queue = outside_queue();
  if (queue.first_waiter == nullptr) return false;
  controlled_thread* running = control.running;
  const int kept = errno;
  control.running = nullptr;  // what follows is no part of the execution
  bool goes_on = true, has_come = false;
  std::uint32_t most_looks = looks_for_signals;
  const controlled_thread* first = nullptr;  // of those that can be asked
  for (const controlled_thread* one = queue.first_waiter; one != nullptr; one = one->next_waiter) {
    if (one->pending.what == operation::await_signal) continue;
    most_looks = most_outside_looks;
    if (first == nullptr && one->has_come != nullptr) first = one;
  }
  while (goes_on && !has_come) {
    goes_on = outside_looks_++ < most_looks || (may_hear_of_child() && has_child_processes());
    if (goes_on && outside_looks_ > 1) really_wait();
    for (const controlled_thread* one = queue.first_waiter; goes_on && one != nullptr; one = one->next_waiter)
      has_come = has_come || may_look(*one);
  }
  if (!goes_on || first == nullptr || first->next_waiter == nullptr || !soon(first->has_come, first->awaited))
    first = nullptr;
  control.running = running;
  errno = kept;
  if (!goes_on) return false;
  for (controlled_thread* one = queue.first_waiter; one != nullptr;) {
    controlled_thread* next = one->next_waiter;
    if (may_look(*one) && (first == nullptr || one == first || one->has_come == nullptr)) wake_thread(*one);
    one = next;
  }
  return true;
}

void execution::really_wait() noexcept {
  constexpr timespec moment{0, 1'000'000};
  if (nanosleep(&moment, nullptr) != 0) ++handlers_meanwhile_;
}

bool execution::soon(bool (*has_come)(const void*) noexcept, const void* awaited) noexcept {
  std::uint32_t left = patience_;
  while (left != 0 && !has_come(awaited)) {
    --left;
    really_wait();
  }
  patience_ = left != 0 ? std::min(most_patience, patience_ * 2) : patience_ / 4;
  return left != 0;
}

bool execution::comes_soon(bool (*has_come)(const void*) noexcept, const void* awaited) noexcept {
  controlled_thread* running = control.running;
  const int kept = errno;
  control.running = nullptr;  // what follows is no part of the execution
  const bool has_come_soon = soon(has_come, awaited);
  control.running = running;
  errno = kept;
  return has_come_soon;
}

void execution::batch_started() noexcept {
  had_children_ = has_child_processes();
  has_forked_ = false;
}

bool execution::wait_for_outside(controlled_thread& self, const event& what, std::uint64_t deadline,
                                 bool (*has_come)(const void*) noexcept, const void* awaited) noexcept {
  if (deadline != for_ever && comes_early(deadline)) {
    point(self, what);
    return false;
  }
  self.has_come = has_come;
  self.awaited = awaited;
  note_round(self, what.pc);
  ++outside_waiting_;
  block(self, what, &outside_queue(), deadline, true);
  --outside_waiting_;
  return !self.timed_out;
}

void execution::outside_changed() noexcept { wake(outside_queue(), ~0u); }

}  // namespace ravel::detail
