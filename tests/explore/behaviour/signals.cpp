// SPDX-License-Identifier: MIT
// Signals between threads: handlers, masks, waits for them, what they interrupt.
#include "behaviour.hpp"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csetjmp>
#include <mutex>
#include <thread>

namespace {

thread_local int handled_here = 0;
std::atomic<int> handled{0};

void count(int) {
  ++handled_here;
  ++handled;
}

void handle(int signal, void (*handler)(int), int flags = 0) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(signal, &action, nullptr);
}

sigset_t set_of(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  return set;
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "a handler runs on the thread that is sent to",
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, count);
                   std::atomic<pthread_t> target{0};
                   trial.thread("target", [&](ravel::worker& me) {
                     handled_here = 0;
                     target.store(pthread_self());
                     while (handled_here == 0) sched_yield();
                     me.require_equal(handled_here, 1, "once");
                   });
                   trial.thread("sender", [&](ravel::worker& me) {
                     handled_here = 0;
                     while (target.load() == 0) sched_yield();
                     me.require_equal(pthread_kill(target.load(), SIGUSR1), 0, "sent");
                     me.require_equal(handled_here, 0, "not here");
                   });
                   trial.run();
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

RAVEL_BEHAVIOUR({.name = "sigwait in a thread of its own",
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   sigset_t set = set_of(SIGTERM);
                   sigaddset(&set, SIGUSR2);
                   sigset_t before;
                   pthread_sigmask(SIG_BLOCK, &set, &before);
                   std::atomic<int> jobs{0};
                   std::thread signals([&] {
                     for (int signal = 0; sigwait(&set, &signal) == 0 && signal != SIGTERM;) ++jobs;
                   });
                   trial.threads(2, "user", [&](ravel::worker&) {
                     kill(getpid(), SIGUSR2);
                     while (jobs.load() == 0) usleep(100);
                   });
                   trial.run();
                   kill(getpid(), SIGTERM);
                   signals.join();
                   trial.require(jobs.load() == 1 || jobs.load() == 2, "equal ones may fall together");
                   pthread_sigmask(SIG_SETMASK, &before, nullptr);
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

RAVEL_BEHAVIOUR({.name = "sigsuspend waits for what it lets through",
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, count);
                   const sigset_t set = set_of(SIGUSR1);
                   std::atomic<pthread_t> target{0};
                   trial.thread("waiter", [&](ravel::worker& me) {
                     sigset_t before;
                     pthread_sigmask(SIG_BLOCK, &set, &before);
                     handled_here = 0;
                     target.store(pthread_self());
                     me.require(sigsuspend(&before) == -1 && errno == EINTR, "it ends so");
                     me.require_equal(handled_here, 1, "the handler has run");
                     sigset_t now;
                     pthread_sigmask(SIG_SETMASK, nullptr, &now);
                     me.require(sigismember(&now, SIGUSR1) == 1, "the mask is as before");
                     pthread_sigmask(SIG_SETMASK, &before, nullptr);
                   });
                   trial.thread("sender", [&](ravel::worker&) {
                     while (target.load() == 0) sched_yield();
                     pthread_kill(target.load(), SIGUSR1);
                   });
                   trial.run();
                 }});

// The classic mistake: the signal comes between the look and the wait.
RAVEL_BEHAVIOUR({.name = "a signal before pause is lost",
                 .due = ravel::finding_kind::lost_wakeup,
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, count);
                   std::atomic<pthread_t> target{0};
                   trial.thread("waiter", [&](ravel::worker&) {
                     handled_here = 0;
                     target.store(pthread_self());
                     if (handled_here == 0) pause();
                   });
                   trial.thread("sender", [&](ravel::worker&) {
                     while (target.load() == 0) sched_yield();
                     pthread_kill(target.load(), SIGUSR1);
                   });
                   trial.run();
                 }});

namespace {

// What a call says that a handler interrupted, or 0 when the handler ran before or after.
template <class Call>
void interrupt(ravel::trial& trial, int flags, Call call) {
  handle(SIGUSR1, count, flags);
  std::atomic<pthread_t> target{0};
  trial.thread("caller", [&](ravel::worker& me) {
    handled_here = 0;
    target.store(pthread_self());
    call(me);
    while (handled_here == 0) sched_yield();
  });
  trial.thread("sender", [&](ravel::worker&) {
    while (target.load() == 0) sched_yield();
    pthread_kill(target.load(), SIGUSR1);
  });
  trial.run();
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "calls that a handler ends", .options = {.executions = 300}, .body = [](ravel::trial& trial) {
                   interrupt(trial, 0, [](ravel::worker& me) {
                     timespec span{3600, 0}, left{};
                     if (nanosleep(&span, &left) == -1)
                       me.require(errno == EINTR && left.tv_sec > 3500, "nanosleep tells what is left");
                     else
                       me.require_equal(handled_here, 1, "it slept on only if the handler had run before");
                   });
                 }});
RAVEL_BEHAVIOUR({.name = "waits for a semaphore that a handler ends",
                 .options = {.executions = 300},
                 .body = [](ravel::trial& trial) {
                   sem_t never;
                   sem_init(&never, 0, 0);
                   interrupt(trial, 0, [&](ravel::worker& me) {
                     timespec until{};
                     clock_gettime(CLOCK_REALTIME, &until);
                     until.tv_sec += 3600;
                     const int result = sem_timedwait(&never, &until);
                     me.require(result == -1 && (errno == EINTR || errno == ETIMEDOUT), "it ends so");
                   });
                   sem_destroy(&never);
                 }});
RAVEL_BEHAVIOUR({.name = "a poll that a handler ends, whatever its flags",
                 .options = {.executions = 300},
                 .body = [](ravel::trial& trial) {
                   int ends[2];
                   trial.require_equal(pipe(ends), 0, "a pipe");
                   interrupt(trial, SA_RESTART, [&](ravel::worker& me) {
                     pollfd one{ends[0], POLLIN, 0};
                     const int result = poll(&one, 1, 3'600'000);
                     me.require((result == -1 && errno == EINTR) || result == 0, "it ends so");
                   });
                   close(ends[0]);
                   close(ends[1]);
                 }});
RAVEL_BEHAVIOUR({.name = "a read that a handler ends, or not",
                 .options = {.executions = 300},
                 .body = [](ravel::trial& trial) {
                   int ends[2];
                   trial.require_equal(pipe(ends), 0, "a pipe");
                   const bool restarts = trial.pick(0, 1) == 0;
                   handle(SIGUSR1, count, restarts ? SA_RESTART : 0);
                   std::atomic<pthread_t> target{0};
                   trial.thread("reader", [&](ravel::worker& me) {
                     handled_here = 0;
                     char byte = 0;
                     target.store(pthread_self());
                     ssize_t got = read(ends[0], &byte, 1);
                     if (!restarts && got == -1 && errno == EINTR) got = read(ends[0], &byte, 1);
                     me.require(got == 1 && byte == 'x', "the byte");
                     while (handled_here == 0) sched_yield();
                   });
                   trial.thread("sender", [&](ravel::worker&) {
                     while (target.load() == 0) sched_yield();
                     pthread_kill(target.load(), SIGUSR1);
                     static_cast<void>(write(ends[1], "x", 1));
                   });
                   trial.run();
                   close(ends[0]);
                   close(ends[1]);
                 }});

RAVEL_BEHAVIOUR({.name = "a handler in a wait for a lock or a condition is no wake-up",
                 .options = {.executions = 300},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, count);
                   std::mutex lock;
                   std::condition_variable changed;
                   bool is_set = false;
                   std::atomic<pthread_t> target{0};
                   trial.thread("waiter", [&](ravel::worker& me) {
                     handled_here = 0;
                     target.store(pthread_self());
                     std::unique_lock held(lock);
                     changed.wait(held, [&] { return is_set; });
                     held.unlock();
                     while (handled_here == 0) sched_yield();
                     me.require_equal(handled_here, 1, "once");
                   });
                   trial.thread("sender", [&](ravel::worker&) {
                     while (target.load() == 0) sched_yield();
                     pthread_kill(target.load(), SIGUSR1);
                     std::lock_guard held(lock);
                     is_set = true;
                     changed.notify_one();
                   });
                   trial.run();
                 }});

namespace {

sem_t posted;
void post(int) { sem_post(&posted); }

}  // namespace

RAVEL_BEHAVIOUR({.name = "a handler posts a semaphore that its own thread waits for",
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   sem_init(&posted, 0, 0);
                   handle(SIGUSR1, post, SA_RESTART);
                   std::atomic<pthread_t> target{0};
                   trial.thread("waiter", [&](ravel::worker& me) {
                     target.store(pthread_self());
                     me.require_equal(sem_wait(&posted), 0, "posted");
                   });
                   trial.thread("sender", [&](ravel::worker&) {
                     while (target.load() == 0) sched_yield();
                     pthread_kill(target.load(), SIGUSR1);
                   });
                   trial.run();
                   sem_destroy(&posted);
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

RAVEL_BEHAVIOUR({.name = "signalfd", .options = {.executions = 100}, .body = [](ravel::trial& trial) {
                   const sigset_t set = set_of(SIGUSR2);
                   sigset_t before;
                   pthread_sigmask(SIG_BLOCK, &set, &before);
                   const int descriptor = signalfd(-1, &set, SFD_CLOEXEC);
                   trial.thread("reader", [&](ravel::worker& me) {
                     signalfd_siginfo info{};
                     pollfd one{descriptor, POLLIN, 0};
                     me.require_equal(poll(&one, 1, -1), 1, "there is one");
                     me.require(read(descriptor, &info, sizeof info) == sizeof info, "it is read");
                     me.require_equal(static_cast<int>(info.ssi_signo), SIGUSR2, "this one");
                   });
                   trial.thread("sender", [&](ravel::worker&) { kill(getpid(), SIGUSR2); });
                   trial.run();
                   close(descriptor);
                   pthread_sigmask(SIG_SETMASK, &before, nullptr);
                 }});

RAVEL_BEHAVIOUR({.name = "a child's end, waited for by its signal",
                 .options = {.executions = 10},
                 .body = [](ravel::trial& trial) {
                   handle(SIGCHLD, count);
                   const sigset_t set = set_of(SIGCHLD);
                   sigset_t before;
                   pthread_sigmask(SIG_BLOCK, &set, &before);
                   trial.thread("parent", [&](ravel::worker& me) {
                     handled = 0;
                     const pid_t child = fork();
                     if (child == 0) _exit(3);
                     while (handled.load() == 0) sigsuspend(&before);
                     int status = 0;
                     me.require(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3, "it has ended");
                   });
                   trial.run();
                   signal(SIGCHLD, SIG_DFL);
                   pthread_sigmask(SIG_SETMASK, &before, nullptr);
                 }});

RAVEL_BEHAVIOUR({.name = "pselect and ppoll with a mask",
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, count);
                   const sigset_t set = set_of(SIGUSR1);
                   std::atomic<pthread_t> target{0};
                   trial.thread("waiter", [&](ravel::worker& me) {
                     sigset_t before;
                     pthread_sigmask(SIG_BLOCK, &set, &before);
                     handled_here = 0;
                     target.store(pthread_self());
                     const bool uses_poll = me.chance(50);
                     const int result = uses_poll ? ppoll(nullptr, 0, nullptr, &before)
                                                  : pselect(0, nullptr, nullptr, nullptr, nullptr, &before);
                     me.require(result == -1 && errno == EINTR && handled_here == 1, "the signal ends it");
                     pthread_sigmask(SIG_SETMASK, &before, nullptr);
                   });
                   trial.thread("sender", [&](ravel::worker&) {
                     while (target.load() == 0) sched_yield();
                     pthread_kill(target.load(), SIGUSR1);
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "a signal that nobody handles ends the process",
                 .due = ravel::finding_kind::crash,
                 .options = {.executions = 3},
                 .body = [](ravel::trial& trial) {
                   trial.thread("sender", [](ravel::worker&) { kill(getpid(), SIGUSR2); });
                   trial.run();
                 }});
