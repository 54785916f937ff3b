// SPDX-License-Identifier: MIT
// Timers: alarm, setitimer, timer_create, timerfd. Under control they run in virtual time: each armed timer has a
// thread of its own that sleeps until it is due, so that strategies choose when it fires as they choose all else; it is
// no thread of the target's, and ends with the execution. A timer descriptor is an eventfd that this thread counts up:
// what is read from it, and when, is the same. Timers of processor time stay the kernel's, and are named.
// Thread safety: the thread in control. Cost: a thread for each timer that is armed; else a branch.
#include "timers.hpp"

#include "control.hpp"
#include "created_thread.hpp"
#include "next.hpp"
#include "open_descriptors.hpp"
#include "signal_model.hpp"
#include "time_limit.hpp"
#include "uncontrolled.hpp"

#include "engine/virtual_clock.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

RAVEL_NEXT(unsigned, alarm, (unsigned seconds), (seconds))
RAVEL_NEXT(useconds_t, ualarm, (useconds_t first, useconds_t then), (first, then))
RAVEL_NEXT(int, setitimer, (int which, const itimerval* time, itimerval* old), (which, time, old))
RAVEL_NEXT(int, getitimer, (int which, itimerval* time), (which, time))
RAVEL_NEXT(int, timer_create, (clockid_t clock, sigevent* event, timer_t* timer), (clock, event, timer))
RAVEL_NEXT(int, timer_settime, (timer_t timer, int flags, const itimerspec* time, itimerspec* old),
           (timer, flags, time, old))
RAVEL_NEXT(int, timer_gettime, (timer_t timer, itimerspec* time), (timer, time))
RAVEL_NEXT(int, timer_getoverrun, (timer_t timer), (timer))
RAVEL_NEXT(int, timer_delete, (timer_t timer), (timer))
RAVEL_NEXT(int, timerfd_create, (int clock, int flags), (clock, flags))
RAVEL_NEXT(int, timerfd_settime, (int fd, int flags, const itimerspec* time, itimerspec* old), (fd, flags, time, old))
RAVEL_NEXT(int, timerfd_gettime, (int fd, itimerspec* time), (fd, time))

namespace ravel::detail {

namespace {

constexpr std::uint32_t most_timers = 4'096;  // in an execution; its thread may still be there when one is deleted

struct virtual_timer {
  bool is_used;
  clockid_t clock;
  int descriptor;       // one of those that stand for it; -1: none
  std::uint64_t event;  // what they all are
  sigevent what;
  std::uint64_t deadline;  // for_ever: not armed
  std::uint64_t interval;  // 0: once
  int overrun;
  std::uint64_t execution;  // in which it has a thread
};

virtual_timer timers[most_timers];
virtual_timer process_timer;  // alarm's and setitimer's
std::uint32_t descriptors = 0;

virtual_timer* new_timer(clockid_t clock) noexcept {
  for (virtual_timer& one : timers) {
    if (one.is_used || one.execution == the_execution().begun()) continue;
    one = {};
    one.is_used = true;
    one.clock = clock;
    one.descriptor = -1;
    one.deadline = execution::for_ever;
    return &one;
  }
  errno = EAGAIN;
  return nullptr;
}
virtual_timer* timer_of(timer_t id) noexcept {
  auto* one = static_cast<virtual_timer*>(id);
  return one >= timers && one < timers + most_timers ? one : nullptr;
}
virtual_timer* timer_of_descriptor(int descriptor) noexcept {
  if (descriptors == 0) return nullptr;
  const std::uint64_t event = event_of(descriptor);
  if (event == no_event) return nullptr;
  for (virtual_timer& one : timers)
    if (one.is_used && one.descriptor >= 0 && one.event == event) return &one;
  return nullptr;
}

void forget_descriptor(virtual_timer& timer) noexcept {
  timer.is_used = false;
  timer.descriptor = -1;
  --descriptors;
}

// Whether there is still a descriptor of it: it may have been replaced behind our back.
bool has_descriptor(virtual_timer& timer) noexcept {
  if (event_of(timer.descriptor) == timer.event) return true;
  timer.descriptor = descriptor_of_event(timer.event, -1);
  return timer.descriptor >= 0;
}

bool is_of_wall_time(clockid_t clock) noexcept {
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_MONOTONIC:
    case CLOCK_BOOTTIME:
    case CLOCK_TAI:
    case CLOCK_REALTIME_ALARM:
    case CLOCK_BOOTTIME_ALARM: return true;
    default: return false;
  }
}

std::uint64_t nanoseconds_of(const timespec& span) noexcept { return after(0, span); }

itimerspec state_of(const virtual_timer& timer) noexcept {
  itimerspec state{};
  if (timer.deadline == execution::for_ever || timer.execution != the_execution().begun()) return state;
  const std::uint64_t now = the_execution().now();
  state.it_interval = span_of(timer.interval);
  state.it_value = span_of(timer.deadline > now ? timer.deadline - now : 1);
  return state;
}

struct notification {
  void (*function)(sigval);
  sigval value;
};
void* notify(void* argument) {
  const notification own = *static_cast<notification*>(argument);
  delete static_cast<notification*>(argument);
  own.function(own.value);
  return nullptr;
}

void create_detached(void* (*start)(void*), void* argument, std::uintptr_t pc, bool is_daemon = false) noexcept {
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  create_observed(&thread, &detached, start, argument, pc, is_daemon);
  pthread_attr_destroy(&detached);
}

void fire(controlled_thread& self, virtual_timer& timer) {
  execution& execution = the_execution();
  std::uint64_t times = 1;
  if (timer.interval != 0) {
    times += (execution.now() - timer.deadline) / timer.interval;
    timer.deadline += times * timer.interval;
  } else {
    timer.deadline = execution::for_ever;
  }
  timer.overrun = static_cast<int>(std::min<std::uint64_t>(times - 1, 0x7FFFFFFF));
  if (timer.descriptor >= 0) {
    if (!has_descriptor(timer)) return forget_descriptor(timer);
    system_call(SYS_write, timer.descriptor, reinterpret_cast<long>(&times), sizeof times);
    execution.outside_changed();
    return;
  }
  switch (timer.what.sigev_notify) {
    case SIGEV_NONE: return;
    case SIGEV_THREAD:
      create_detached(notify, new notification{timer.what.sigev_notify_function, timer.what.sigev_value},
                      reinterpret_cast<std::uintptr_t>(timer.what.sigev_notify_function) + 1);
      return;
    default: break;
  }
  controlled_thread* to = nullptr;
  if (timer.what.sigev_notify == SIGEV_THREAD_ID) {
    to = thread_of_id(timer.what._sigev_un._tid);
    if (to == nullptr) return;
  }
  const bool is_process_timer = &timer == &process_timer;
  siginfo_t info = info_of(timer.what.sigev_signo, is_process_timer ? SI_KERNEL : SI_TIMER, &timer.what.sigev_value);
  if (!is_process_timer) info.si_overrun = timer.overrun;
  send_signal(self, to, info);
}

void* run_timer(void* argument) {
  auto& timer = *static_cast<virtual_timer*>(argument);
  controlled_thread* self = in_control();
  if (self == nullptr) return nullptr;
  self->knows_mask = true;
  self->blocked_signals = ~signal_bits{0};
  if (self->record != nullptr) {
    self->record->name.clear();
    self->record->name.add("timer");
  }
  execution& execution = the_execution();
  const event waits = event_on(operation::sleep, &timer, 0);
  while (!self->is_dismissed && timer.is_used && timer.execution == execution.begun()) {
    const bool is_woken = execution.wait(*self, waits, execution.object(&timer), timer.deadline);
    if (!is_woken && timer.is_used && timer.deadline <= execution.now()) fire(*self, timer);
  }
  return nullptr;
}

void set(virtual_timer& timer, bool is_absolute, const itimerspec& time, std::uintptr_t pc) noexcept {
  execution& execution = the_execution();
  timer.overrun = 0;
  timer.interval = nanoseconds_of(time.it_interval);
  const bool is_off = time.it_value.tv_sec == 0 && time.it_value.tv_nsec == 0;
  timer.deadline = is_off        ? execution::for_ever
                   : is_absolute ? virtual_deadline(timer.clock, time.it_value)
                                 : after(execution.now(), time.it_value);
  if (timer.descriptor >= 0 && has_descriptor(timer)) {  // what has been counted is forgotten
    std::uint64_t counted;
    const long flags = system_call(SYS_fcntl, timer.descriptor, F_GETFL);
    system_call(SYS_fcntl, timer.descriptor, F_SETFL, flags | O_NONBLOCK);
    system_call(SYS_read, timer.descriptor, reinterpret_cast<long>(&counted), sizeof counted);
    system_call(SYS_fcntl, timer.descriptor, F_SETFL, flags);
  }
  if (timer.execution == execution.begun()) {
    execution.wake(execution.object(&timer), ~0u);
  } else if (!is_off) {
    timer.execution = execution.begun();
    create_detached(run_timer, &timer, pc, true);
  }
}

bool is_valid(const itimerspec& time) noexcept {
  return is_valid_span(time.it_value) && is_valid_span(time.it_interval);
}

int refused(int error) noexcept {
  errno = error;
  return -1;
}

itimerspec in_nanoseconds(const itimerval& time) noexcept {
  return {{time.it_interval.tv_sec, static_cast<long>(time.it_interval.tv_usec) * 1'000},
          {time.it_value.tv_sec, static_cast<long>(time.it_value.tv_usec) * 1'000}};
}
itimerval in_microseconds(const itimerspec& time) noexcept {
  return {{time.it_interval.tv_sec, time.it_interval.tv_nsec / 1'000},
          {time.it_value.tv_sec, (time.it_value.tv_nsec + 999) / 1'000}};
}

virtual_timer& the_process_timer() noexcept {
  if (!process_timer.is_used) {
    process_timer.is_used = true;
    process_timer.clock = CLOCK_REALTIME;
    process_timer.descriptor = -1;
    process_timer.deadline = execution::for_ever;
    process_timer.what.sigev_notify = SIGEV_SIGNAL;
    process_timer.what.sigev_signo = SIGALRM;
  }
  return process_timer;
}

constexpr const char* counts_processor_time =
    "its clock is processor time, which is the kernel's: it fires when it likes";

}  // namespace

void forget_timer_descriptor(int descriptor) noexcept {
  virtual_timer* timer = timer_of_descriptor(descriptor);
  if (timer == nullptr) return;
  if (const int other = descriptor_of_event(timer->event, descriptor); other >= 0) {
    timer->descriptor = other;
    return;
  }
  forget_descriptor(*timer);
  if (in_control() != nullptr && timer->execution == the_execution().begun())
    the_execution().wake(the_execution().object(timer), ~0u);  // so that its thread ends
}

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(unsigned, alarm, (unsigned seconds)) {
  if (in_control() == nullptr) return next_alarm(seconds);
  virtual_timer& timer = the_process_timer();
  const itimerspec old = state_of(timer);
  set(timer, false, {{0, 0}, {static_cast<time_t>(seconds), 0}}, RAVEL_CALLER);
  return static_cast<unsigned>(old.it_value.tv_sec + (old.it_value.tv_nsec != 0 ? 1 : 0));
}
RAVEL_INTERCEPT(useconds_t, ualarm, (useconds_t first, useconds_t then)) {
  if (in_control() == nullptr) return next_ualarm(first, then);
  constexpr useconds_t in_second = 1'000'000;
  virtual_timer& timer = the_process_timer();
  const itimerspec old = state_of(timer);
  const auto span = [](useconds_t time) {
    return timespec{static_cast<time_t>(time / in_second), static_cast<long>(time % in_second) * 1'000};
  };
  set(timer, false, {span(then), span(first)}, RAVEL_CALLER);
  return static_cast<useconds_t>(old.it_value.tv_sec * in_second + (old.it_value.tv_nsec + 999) / 1'000);
}
RAVEL_INTERCEPT(int, setitimer, (int which, const itimerval* time, itimerval* old)) {
  if (in_control() == nullptr) return next_setitimer(which, time, old);
  if (which != ITIMER_REAL) {
    tell_uncontrolled("setitimer", counts_processor_time, RAVEL_CALLER);
    return next_setitimer(which, time, old);
  }
  virtual_timer& timer = the_process_timer();
  if (old != nullptr) *old = in_microseconds(state_of(timer));
  const itimerspec exact = time == nullptr ? itimerspec{} : in_nanoseconds(*time);
  if (!is_valid(exact)) return refused(EINVAL);
  set(timer, false, exact, RAVEL_CALLER);
  return 0;
}
RAVEL_INTERCEPT(int, getitimer, (int which, itimerval* time)) {
  if (in_control() == nullptr || which != ITIMER_REAL) return next_getitimer(which, time);
  *time = in_microseconds(state_of(the_process_timer()));
  return 0;
}
RAVEL_INTERCEPT(int, timer_create, (clockid_t clock, sigevent* event, timer_t* timer)) {
  if (in_control() == nullptr) return next_timer_create(clock, event, timer);
  if (!is_of_wall_time(clock)) {
    tell_uncontrolled("timer_create", counts_processor_time, RAVEL_CALLER);
    return next_timer_create(clock, event, timer);
  }
  virtual_timer* fresh = new_timer(clock);
  if (fresh == nullptr) return -1;
  if (event != nullptr) {
    fresh->what = *event;
  } else {
    fresh->what.sigev_notify = SIGEV_SIGNAL;
    fresh->what.sigev_signo = SIGALRM;
    fresh->what.sigev_value.sival_ptr = fresh;
  }
  *timer = fresh;
  return 0;
}
RAVEL_INTERCEPT(int, timer_settime, (timer_t id, int flags, const itimerspec* time, itimerspec* old)) {
  virtual_timer* timer = timer_of(id);
  if (timer == nullptr) return next_timer_settime(id, flags, time, old);
  if (!timer->is_used || in_control() == nullptr || !is_valid(*time)) return refused(EINVAL);
  if (old != nullptr) *old = state_of(*timer);
  set(*timer, (flags & TIMER_ABSTIME) != 0, *time, RAVEL_CALLER);
  return 0;
}
RAVEL_INTERCEPT(int, timer_gettime, (timer_t id, itimerspec* time)) {
  virtual_timer* timer = timer_of(id);
  if (timer == nullptr) return next_timer_gettime(id, time);
  if (!timer->is_used) return refused(EINVAL);
  *time = state_of(*timer);
  return 0;
}
RAVEL_INTERCEPT(int, timer_getoverrun, (timer_t id)) {
  virtual_timer* timer = timer_of(id);
  if (timer == nullptr) return next_timer_getoverrun(id);
  return timer->is_used ? timer->overrun : refused(EINVAL);
}
RAVEL_INTERCEPT(int, timer_delete, (timer_t id)) {
  virtual_timer* timer = timer_of(id);
  if (timer == nullptr) return next_timer_delete(id);
  if (!timer->is_used) return refused(EINVAL);
  timer->is_used = false;
  if (in_control() != nullptr && timer->execution == the_execution().begun())
    the_execution().wake(the_execution().object(timer), ~0u);
  return 0;
}
RAVEL_INTERCEPT(int, timerfd_create, (int clock, int flags)) {
  if (in_control() == nullptr || !is_of_wall_time(clock) || (flags & ~(TFD_CLOEXEC | TFD_NONBLOCK)) != 0)
    return next_timerfd_create(clock, flags);
  static_assert(int{TFD_CLOEXEC} == int{EFD_CLOEXEC} && int{TFD_NONBLOCK} == int{EFD_NONBLOCK});
  const int descriptor = eventfd(0, flags);
  if (descriptor < 0) return -1;
  const std::uint64_t event = event_of(descriptor);
  if (event == no_event) {  // nothing would tell it again
    system_call(SYS_close, descriptor);
    return next_timerfd_create(clock, flags);
  }
  virtual_timer* fresh = new_timer(clock);
  if (fresh == nullptr) {
    system_call(SYS_close, descriptor);
    return refused(EMFILE);
  }
  fresh->descriptor = descriptor;
  fresh->event = event;
  ++descriptors;
  return descriptor;
}
RAVEL_INTERCEPT(int, timerfd_settime, (int descriptor, int flags, const itimerspec* time, itimerspec* old)) {
  virtual_timer* timer = in_control() == nullptr ? nullptr : timer_of_descriptor(descriptor);
  if (timer == nullptr) return next_timerfd_settime(descriptor, flags, time, old);
  if (!is_valid(*time)) return refused(EINVAL);
  if (old != nullptr) *old = state_of(*timer);
  set(*timer, (flags & TFD_TIMER_ABSTIME) != 0, *time, RAVEL_CALLER);
  return 0;
}
RAVEL_INTERCEPT(int, timerfd_gettime, (int descriptor, itimerspec* time)) {
  virtual_timer* timer = in_control() == nullptr ? nullptr : timer_of_descriptor(descriptor);
  if (timer == nullptr) return next_timerfd_gettime(descriptor, time);
  *time = state_of(*timer);
  return 0;
}
