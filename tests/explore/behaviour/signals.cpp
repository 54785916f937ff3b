// SPDX-License-Identifier: MIT
// Signals between threads: on whom handlers run, masks, what is pending, what a handler may do.
#include "signals.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csetjmp>

using namespace behaviour;

RAVEL_BEHAVIOUR({.name = "a handler runs on the thread that is sent to",
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, count);
                   send_to(
                       trial,
                       [](ravel::worker& me, auto begun) {
                         begun();
                         while (handled_here == 0) sched_yield();
                         me.require_equal(handled_here, 1, "once");
                       },
                       [](ravel::worker& me, pthread_t target) {
                         me.require_equal(pthread_kill(target, SIGUSR1), 0, "sent");
                         me.require_equal(handled_here, 0, "not here");
                       });
                 }});

RAVEL_BEHAVIOUR({.name = "who sends itself a signal has handled it",
                 .options = {.executions = 20},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, count);
                   trial.threads(2, "self", [](ravel::worker& me) {
                     handled_here = 0;
                     raise(SIGUSR1);
                     me.require_equal(handled_here, 1, "raise");
                     pthread_kill(pthread_self(), SIGUSR1);
                     me.require_equal(handled_here, 2, "pthread_kill");
                     tgkill(getpid(), gettid(), SIGUSR1);
                     me.require_equal(handled_here, 3, "tgkill");
                     const sigset_t set = set_of(SIGUSR1);
                     sigset_t before, pending;
                     pthread_sigmask(SIG_BLOCK, &set, &before);
                     raise(SIGUSR1);
                     raise(SIGUSR1);
                     sigpending(&pending);
                     me.require(sigismember(&pending, SIGUSR1) == 1 && handled_here == 3, "blocked, it is pending");
                     pthread_sigmask(SIG_SETMASK, &before, nullptr);
                     me.require_equal(handled_here, 4, "unblocked, it is handled, once");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "a signal to the process is for one thread that does not block it",
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR2, count);
                   handled = 0;
                   std::atomic<int> here{0};
                   const sigset_t set = set_of(SIGUSR2);
                   pthread_sigmask(SIG_BLOCK, &set, nullptr);
                   trial.threads(2, "taker", [&](ravel::worker&) {
                     handled_here = 0;
                     pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
                     while (handled.load() == 0) sched_yield();
                     here += handled_here;
                     pthread_sigmask(SIG_BLOCK, &set, nullptr);
                   });
                   trial.thread("blocker", [&](ravel::worker& me) {
                     handled_here = 0;
                     kill(getpid(), SIGUSR2);
                     while (handled.load() == 0) sched_yield();
                     me.require_equal(handled_here, 0, "not by one that blocks it");
                   });
                   trial.run();
                   trial.require_equal(handled.load(), 1, "by one");
                   pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
                 }});

RAVEL_BEHAVIOUR({.name = "queued signals and what they tell",
                 .options = {.executions = 20},
                 .body = [](ravel::trial& trial) {
                   const int first = SIGRTMIN, second = SIGRTMIN + 1;
                   sigset_t set = set_of(first);
                   sigaddset(&set, second);
                   sigset_t before;
                   pthread_sigmask(SIG_BLOCK, &set, &before);
                   trial.thread("user", [&](ravel::worker& me) {
                     sigval value;
                     for (int i = 1; i <= 3; ++i) {
                       value.sival_int = i;
                       pthread_sigqueue(pthread_self(), second, value);
                       sigqueue(getpid(), first, value);
                     }
                     siginfo_t info;
                     for (int i = 1; i <= 3; ++i) {
                       me.require(sigwaitinfo(&set, &info) == second || info.si_signo == first, "one of them");
                       me.require(info.si_code == SI_QUEUE && info.si_pid == getpid(), "from here");
                     }
                     const timespec moment{0, 1'000'000};
                     int left = 0;
                     while (sigtimedwait(&set, &info, &moment) > 0) ++left;
                     me.require_equal(left, 3, "each is kept");
                     me.require_equal(errno, EAGAIN, "then time runs out");
                   });
                   trial.run();
                   pthread_sigmask(SIG_SETMASK, &before, nullptr);
                 }});

RAVEL_BEHAVIOUR({.name = "ignored, handled once, and nested signals",
                 .options = {.executions = 20},
                 .body = [](ravel::trial& trial) {
                   trial.thread("user", [](ravel::worker& me) {
                     handled_here = 0;
                     signal(SIGUSR1, SIG_IGN);
                     raise(SIGUSR1);
                     raise(SIGCHLD);
                     me.require_equal(handled_here, 0, "ignored");
                     handle(SIGUSR1, count, SA_RESETHAND);
                     raise(SIGUSR1);
                     struct sigaction now{};
                     sigaction(SIGUSR1, nullptr, &now);
                     me.require(handled_here == 1 && now.sa_handler == SIG_DFL, "the handler is gone then");
                     handle(SIGUSR1, [](int) {
                       ++handled_here;
                       if (handled_here < 5) raise(SIGUSR1);  // blocked meanwhile: comes after the return
                       handled_here += 100;
                     });
                     handled_here = 3;
                     raise(SIGUSR1);
                     me.require_equal(handled_here, 205, "one after the other");
                   });
                   trial.run();
                 }});

namespace {

sigjmp_buf before_signal;
void jump(int) { siglongjmp(before_signal, 1); }

}  // namespace

RAVEL_BEHAVIOUR({.name = "a handler that jumps", .options = {.executions = 20}, .body = [](ravel::trial& trial) {
                   trial.thread("user", [](ravel::worker& me) {
                     handle(SIGUSR1, jump);
                     volatile int jumps = 0;
                     if (sigsetjmp(before_signal, 1) != 0) jumps = jumps + 1;
                     if (jumps < 3) raise(SIGUSR1);
                     me.require_equal(static_cast<int>(jumps), 3, "the mask is as before each time");
                   });
                   trial.run();
                 }});

// Its mask is that of before, also for who sends to it.
RAVEL_BEHAVIOUR({.name = "a handler that jumps, of a signal from another thread",
                 .options = {.executions = 100},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, jump);
                   std::atomic<int> jumps{0};
                   send_to(
                       trial,
                       [&](ravel::worker& me, auto begun) {
                         if (sigsetjmp(before_signal, 1) != 0)
                           ++jumps;
                         else
                           begun();
                         while (jumps.load() < 3) sched_yield();
                         me.require_equal(jumps.load(), 3, "each came through");
                       },
                       [&](ravel::worker&, pthread_t target) {
                         for (int i = 0; i < 3; ++i) {
                           pthread_kill(target, SIGUSR1);
                           while (jumps.load() == i) sched_yield();
                         }
                       });
                 }});

RAVEL_BEHAVIOUR({.name = "a signal that nobody handles ends the process",
                 .due = ravel::finding_kind::crash,
                 .options = {.executions = 3},
                 .body = [](ravel::trial& trial) {
                   trial.thread("sender", [](ravel::worker&) { kill(getpid(), SIGUSR2); });
                   trial.run();
                 }});
