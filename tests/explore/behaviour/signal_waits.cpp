// SPDX-License-Identifier: MIT
// Waiting for signals, and what a handler does to other waits.
#include "signals.hpp"

#include <poll.h>
#include <semaphore.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <thread>

using namespace behaviour;

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

namespace {

void send_usr1(ravel::worker&, pthread_t target) { pthread_kill(target, SIGUSR1); }

}  // namespace

RAVEL_BEHAVIOUR({.name = "sigwaitinfo tells who sent it",
                 .options = {.executions = 60},
                 .body = [](ravel::trial& trial) {
                   send_to(
                       trial,
                       [](ravel::worker& me, auto begun) {
                         sigset_t set = set_of(SIGUSR1);
                         sigaddset(&set, SIGRTMIN);
                         sigset_t before;
                         pthread_sigmask(SIG_BLOCK, &set, &before);
                         begun();
                         siginfo_t info{};
                         me.require_equal(sigwaitinfo(&set, &info), SIGUSR1, "the lower one first");
                         me.require(info.si_code == SI_USER && info.si_pid == getpid(), "libc does not tell how");
                         const timespec second{1, 0};
                         me.require_equal(sigtimedwait(&set, &info, &second), SIGRTMIN, "then the other");
                         me.require(info.si_code == SI_QUEUE && info.si_value.sival_int == 7, "with its value");
                         pthread_sigmask(SIG_SETMASK, &before, nullptr);
                       },
                       [](ravel::worker& me, pthread_t target) {
                         sigval value{};
                         value.sival_int = 7;
                         me.require_equal(pthread_kill(target, SIGUSR1), 0, "sent");
                         me.require_equal(pthread_sigqueue(target, SIGRTMIN, value), 0, "and another");
                       });
                 }});

RAVEL_BEHAVIOUR({.name = "sigsuspend waits for what it lets through",
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, count);
                   send_to(
                       trial,
                       [](ravel::worker& me, auto begun) {
                         const sigset_t set = set_of(SIGUSR1);
                         sigset_t before, now;
                         pthread_sigmask(SIG_BLOCK, &set, &before);
                         begun();
                         me.require(sigsuspend(&before) == -1 && errno == EINTR, "it ends so");
                         me.require_equal(handled_here, 1, "the handler has run");
                         pthread_sigmask(SIG_SETMASK, nullptr, &now);
                         me.require(sigismember(&now, SIGUSR1) == 1, "the mask is as before");
                         pthread_sigmask(SIG_SETMASK, &before, nullptr);
                       },
                       send_usr1);
                 }});
RAVEL_BEHAVIOUR({.name = "pselect and ppoll with a mask",
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, count);
                   send_to(
                       trial,
                       [](ravel::worker& me, auto begun) {
                         const sigset_t set = set_of(SIGUSR1);
                         sigset_t before;
                         pthread_sigmask(SIG_BLOCK, &set, &before);
                         begun();
                         const int result = me.chance(50) ? ppoll(nullptr, 0, nullptr, &before)
                                                          : pselect(0, nullptr, nullptr, nullptr, nullptr, &before);
                         me.require(result == -1 && errno == EINTR && handled_here == 1, "the signal ends it");
                         pthread_sigmask(SIG_SETMASK, &before, nullptr);
                       },
                       send_usr1);
                 }});

// The classic mistake: the signal comes between the look and the wait.
RAVEL_BEHAVIOUR({.name = "a signal before pause is lost",
                 .due = ravel::finding_kind::lost_wakeup,
                 .options = {.executions = 200},
                 .body = [](ravel::trial& trial) {
                   handle(SIGUSR1, count);
                   send_to(
                       trial,
                       [](ravel::worker&, auto begun) {
                         begun();
                         if (handled_here == 0) pause();
                       },
                       send_usr1);
                 }});

namespace {

// What a call says that a handler interrupts, or that runs before or after the handler.
template <class Call>
void interrupt(ravel::trial& trial, int flags, Call call) {
  handle(SIGUSR1, count, flags);
  send_to(
      trial,
      [&](ravel::worker& me, auto begun) {
        begun();
        call(me);
        while (handled_here == 0) sched_yield();
        me.require_equal(handled_here, 1, "once");
      },
      send_usr1);
}

}  // namespace

namespace {

// Calls until a handler has ended the call, which without one would never end.
template <class Call>
void interrupt_until_it_ends(ravel::trial& trial, Call call) {
  std::atomic<bool> has_ended{false};
  handle(SIGUSR1, count);
  send_to(
      trial,
      [&](ravel::worker& me, auto begun) {
        begun();
        me.require(call() == -1 && errno == EINTR && handled_here != 0, "a handler ends it");
        has_ended.store(true);
      },
      [&](ravel::worker&, pthread_t target) {
        while (!has_ended.load()) {
          pthread_kill(target, SIGUSR1);
          sched_yield();
        }
      });
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "a sleep that a handler ends",
                 .options = {.executions = 300},
                 .body = [](ravel::trial& trial) {
                   interrupt(trial, 0, [](ravel::worker& me) {
                     timespec span{3600, 0}, left{};
                     if (nanosleep(&span, &left) == -1)
                       me.require(errno == EINTR && left.tv_sec > 3500, "nanosleep tells what is left");
                     else
                       me.require_equal(handled_here, 1, "it slept on only if the handler had run before");
                   });
                 }});
RAVEL_BEHAVIOUR({.name = "a wait for a semaphore that a handler ends",
                 .options = {.executions = 100},
                 .body = [](ravel::trial& trial) {
                   sem_t never;
                   sem_init(&never, 0, 0);
                   interrupt_until_it_ends(trial, [&] { return sem_wait(&never); });
                   sem_destroy(&never);
                 }});
RAVEL_BEHAVIOUR({.name = "a wait for a child that a handler ends",
                 .options = {.executions = 20},
                 .body = [](ravel::trial& trial) {
                   int ends[2];
                   trial.require_equal(pipe(ends), 0, "a pipe");
                   const pid_t child = fork();
                   if (child == 0) {
                     char byte;
                     close(ends[1]);
                     _exit(static_cast<int>(read(ends[0], &byte, 1)));  // until the parent has seen enough
                   }
                   close(ends[0]);
                   int status = 0;
                   interrupt_until_it_ends(trial, [&] { return waitpid(child, &status, 0); });
                   close(ends[1]);
                   trial.require_equal(waitpid(child, &status, 0), child, "then it ends");
                 }});
RAVEL_BEHAVIOUR({.name = "a poll that a handler ends, whatever its flags",
                 .options = {.executions = 300},
                 .body = [](ravel::trial& trial) {
                   interrupt(trial, SA_RESTART, [](ravel::worker& me) {
                     const int result = poll(nullptr, 0, 3'600'000);
                     me.require((result == -1 && errno == EINTR) || result == 0, "it ends so");
                   });
                 }});
RAVEL_BEHAVIOUR({.name = "a read that a handler ends, or not",
                 .options = {.executions = 300},
                 .body = [](ravel::trial& trial) {
                   int ends[2];
                   trial.require_equal(pipe(ends), 0, "a pipe");
                   const bool restarts = trial.pick(0, 1) == 0;
                   handle(SIGUSR1, count, restarts ? SA_RESTART : 0);
                   send_to(
                       trial,
                       [&](ravel::worker& me, auto begun) {
                         char byte = 0;
                         begun();
                         ssize_t got = read(ends[0], &byte, 1);
                         if (!restarts && got == -1 && errno == EINTR) got = read(ends[0], &byte, 1);
                         me.require(got == 1 && byte == 'x', "the byte");
                         while (handled_here == 0) sched_yield();
                       },
                       [&](ravel::worker&, pthread_t target) {
                         pthread_kill(target, SIGUSR1);
                         static_cast<void>(write(ends[1], "x", 1));
                       });
                   close(ends[0]);
                   close(ends[1]);
                 }});

RAVEL_BEHAVIOUR({.name = "a handler in a wait for a condition is no wake-up, and loses none",
                 .options = {.executions = 300},
                 .body = [](ravel::trial& trial) {
                   std::mutex lock;
                   std::condition_variable changed;
                   bool is_set = false;
                   handle(SIGUSR1, count);
                   send_to(
                       trial,
                       [&](ravel::worker& me, auto begun) {
                         begun();
                         std::unique_lock held(lock);
                         changed.wait(held, [&] { return is_set; });
                         held.unlock();
                         while (handled_here == 0) sched_yield();
                         me.require_equal(handled_here, 1, "once");
                       },
                       [&](ravel::worker&, pthread_t target) {
                         pthread_kill(target, SIGUSR1);
                         std::lock_guard held(lock);
                         is_set = true;
                         changed.notify_one();
                       });
                 }});

RAVEL_BEHAVIOUR({.name = "a handler in a wait at a barrier or a latch is no arrival",
                 .options = {.executions = 300},
                 .body = [](ravel::trial& trial) {
                   pthread_barrier_t both;
                   pthread_barrier_init(&both, nullptr, 2);
                   std::latch done(1);
                   int stage = 0;
                   handle(SIGUSR1, count);
                   send_to(
                       trial,
                       [&](ravel::worker& me, auto begun) {
                         begun();
                         pthread_barrier_wait(&both);
                         me.require_equal(stage, 1, "the other has come, too");
                         pthread_barrier_wait(&both);
                         done.wait();
                         me.require_equal(stage, 2, "it is done");
                         while (handled_here == 0) sched_yield();
                       },
                       [&](ravel::worker&, pthread_t target) {
                         pthread_kill(target, SIGUSR1);
                         stage = 1;
                         pthread_barrier_wait(&both);
                         pthread_barrier_wait(&both);
                         stage = 2;
                         done.count_down();
                       });
                   pthread_barrier_destroy(&both);
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
                   send_to(
                       trial,
                       [](ravel::worker& me, auto begun) {
                         begun();
                         me.require_equal(sem_wait(&posted), 0, "posted");
                       },
                       send_usr1);
                   sem_destroy(&posted);
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
