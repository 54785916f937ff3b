// SPDX-License-Identifier: MIT
// Timers: in virtual time, firing when the schedule says so.
#include "signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>

namespace {

std::atomic<int> fired{0};
void note_fired(int) { ++fired; }

itimerspec every(long first, long then) { return {{0, then}, {0, first}}; }

}  // namespace

RAVEL_BEHAVIOUR({.name = "alarm and setitimer", .options = {.executions = 40}, .body = [](ravel::trial& trial) {
                   signal(SIGALRM, note_fired);
                   fired = 0;
                   trial.require_equal(alarm(5), 0u, "none was set");
                   trial.require_equal(alarm(2), 5u, "what was left");
                   trial.thread("sleeper", [](ravel::worker&) {
                     while (fired.load() == 0) usleep(10'000);
                   });
                   trial.run();
                   trial.require_equal(fired.load(), 1, "once");
                   itimerval time{{0, 20'000}, {0, 10'000}}, old{};
                   setitimer(ITIMER_REAL, &time, nullptr);
                   while (fired.load() < 4) usleep(1'000);
                   getitimer(ITIMER_REAL, &time);
                   trial.require_equal(time.it_interval.tv_usec, 20'000, "the interval");
                   time = {};
                   setitimer(ITIMER_REAL, &time, &old);
                   const int seen = fired.load();
                   usleep(100'000);
                   trial.require_equal(fired.load(), seen, "switched off");
                   signal(SIGALRM, SIG_DFL);
                 }});

RAVEL_BEHAVIOUR({.name = "a timer with a signal that is waited for",
                 .options = {.executions = 100},
                 .body = [](ravel::trial& trial) {
                   const sigset_t set = behaviour::set_of(SIGRTMIN);
                   sigset_t before;
                   pthread_sigmask(SIG_BLOCK, &set, &before);
                   sigevent what{};
                   what.sigev_notify = SIGEV_SIGNAL;
                   what.sigev_signo = SIGRTMIN;
                   what.sigev_value.sival_int = 7;
                   timer_t timer;
                   trial.require_equal(timer_create(CLOCK_MONOTONIC, &what, &timer), 0, "made");
                   trial.thread("waiter", [&](ravel::worker& me) {
                     siginfo_t info;
                     for (int i = 0; i < 3; ++i)
                       me.require(sigwaitinfo(&set, &info) == SIGRTMIN && info.si_value.sival_int == 7 &&
                                      info.si_code == SI_TIMER,
                                  "the timer's");
                   });
                   trial.thread("setter", [&](ravel::worker& me) {
                     const itimerspec time = every(1'000'000, 2'000'000);
                     me.require_equal(timer_settime(timer, 0, &time, nullptr), 0, "armed");
                     itimerspec left{};
                     timer_gettime(timer, &left);
                     me.require_equal(left.it_interval.tv_nsec, 2'000'000l, "the interval");
                   });
                   trial.run();
                   trial.require_equal(timer_delete(timer), 0, "deleted");
                   trial.require(timer_delete(timer) == -1 && errno == EINVAL, "once");
                   timespec none{};
                   while (sigtimedwait(&set, nullptr, &none) > 0) {
                   }
                   pthread_sigmask(SIG_SETMASK, &before, nullptr);
                 }});

RAVEL_BEHAVIOUR({.name = "a timer that calls a function",
                 .options = {.executions = 40},
                 .body = [](ravel::trial& trial) {
                   fired = 0;
                   sigevent what{};
                   what.sigev_notify = SIGEV_THREAD;
                   what.sigev_value.sival_int = 1;
                   what.sigev_notify_function = [](sigval value) { fired += value.sival_int; };
                   timer_t timer;
                   trial.require_equal(timer_create(CLOCK_REALTIME, &what, &timer), 0, "made");
                   timespec now{};
                   clock_gettime(CLOCK_REALTIME, &now);
                   itimerspec time{};
                   time.it_value = {now.tv_sec + 1, now.tv_nsec};
                   timer_settime(timer, TIMER_ABSTIME, &time, nullptr);
                   trial.thread("sleeper", [](ravel::worker&) {
                     while (fired.load() == 0) usleep(100'000);
                   });
                   trial.run();
                   trial.require_equal(fired.load(), 1, "once");
                   timer_delete(timer);
                 }});

RAVEL_BEHAVIOUR({.name = "a timer descriptor by epoll_wait", .options = {}, .body = [](ravel::trial& trial) {
                   int armed = 0;
                   trial.thread("loop", [&](ravel::worker& me) {
                     using namespace std::chrono;
                     const int loop = epoll_create1(EPOLL_CLOEXEC),
                               timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
                     epoll_event wanted{}, got{};
                     wanted.events = EPOLLIN;
                     epoll_ctl(loop, EPOLL_CTL_ADD, timer, &wanted);
                     const auto end = steady_clock::now() + milliseconds(20);
                     for (auto now = steady_clock::now(); now < end; now = steady_clock::now()) {
                       itimerspec time{};
                       time.it_value.tv_nsec = nanoseconds(end - now).count();
                       timerfd_settime(timer, 0, &time, nullptr);
                       ++armed;
                       me.require_equal(epoll_wait(loop, &got, 1, -1), 1, "it fires");
                     }
                     close(timer);
                     close(loop);
                   });
                   trial.thread("other", [](ravel::worker&) {});
                   trial.run();
                   trial.require(armed >= 1 && armed <= 3, "armed three times at most");
                 }});

RAVEL_BEHAVIOUR({.name = "a timer descriptor counts", .options = {.executions = 100}, .body = [](ravel::trial& trial) {
                   trial.thread("reader", [](ravel::worker& me) {
                     const int timer = timerfd_create(CLOCK_REALTIME, 0);
                     const itimerspec time = every(1'000'000, 1'000'000);
                     timerfd_settime(timer, 0, &time, nullptr);
                     std::uint64_t count = 0, all = 0;
                     while (all < 5) {
                       me.require(read(timer, &count, sizeof count) == sizeof count && count >= 1, "it counts");
                       all += count;
                     }
                     usleep(10'500);
                     pollfd one{timer, POLLIN, 0};
                     me.require_equal(poll(&one, 1, 0), 1, "it has fired meanwhile");
                     itimerspec off{}, old{};
                     timerfd_settime(timer, 0, &off, &old);
                     me.require_equal(old.it_interval.tv_nsec, 1'000'000l, "what it was");
                     me.require_equal(poll(&one, 1, 100), 0, "off, and nothing left");
                     timerfd_gettime(timer, &old);
                     me.require(old.it_value.tv_sec == 0 && old.it_value.tv_nsec == 0, "off");
                     itimerspec wrong{};
                     wrong.it_value.tv_nsec = 1'000'000'000;
                     me.require(timerfd_settime(timer, 0, &wrong, nullptr) == -1 && errno == EINVAL, "no such time");
                     close(timer);
                   });
                   trial.threads(1, "worker", [](ravel::worker&) { usleep(2'000); });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR(
    {.name = "a timer descriptor and its duplicates", .options = {.executions = 60}, .body = [](ravel::trial& trial) {
       trial.thread("user", [](ravel::worker& me) {
         const auto fires = [&](int timer, int by) {
           const itimerspec time = every(1'000'000, 0);
           me.require_equal(timerfd_settime(by, 0, &time, nullptr), 0, "set");
           std::uint64_t count = 0;
           me.require(read(timer, &count, sizeof count) == sizeof count && count == 1, "it fires");
         };
         const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
         const int other = dup(timer);
         fires(other, timer);
         fires(timer, other);
         close(timer);
         fires(other, other);
         const int third = fcntl(other, F_DUPFD_CLOEXEC, 20);
         const int in_its_place = eventfd(0, EFD_CLOEXEC);
         dup2(in_its_place, other);  // the timer has one left
         fires(third, third);
         const itimerspec time = every(1'000'000, 0);
         me.require(timerfd_settime(other, 0, &time, nullptr) == -1 && errno == EINVAL, "no timer any more");
         close(third);
         close(in_its_place);
         me.require(timerfd_settime(third, 0, &time, nullptr) == -1 && errno == EBADF, "closed");
         close(other);
       });
       trial.threads(1, "worker", [](ravel::worker&) { usleep(2'000); });
       trial.run();
     }});

// Between the two looks the timer may fire, though it is far away by the clock: a machine may hold the thread up.
RAVEL_BEHAVIOUR({.name = "a timer that fires too early for who thinks it cannot",
                 .due = ravel::finding_kind::requirement,
                 .options = {.executions = 500},
                 .body = [](ravel::trial& trial) {
                   trial.thread("loop", [](ravel::worker& me) {
                     const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
                     const itimerspec time = every(500'000, 0);
                     timerfd_settime(timer, 0, &time, nullptr);
                     sched_yield();
                     std::uint64_t count = 0;
                     me.require(read(timer, &count, sizeof count) == -1, "500 us have not passed");
                     close(timer);
                   });
                   trial.thread("other", [](ravel::worker&) { sched_yield(); });
                   trial.run();
                 }});
