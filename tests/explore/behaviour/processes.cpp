// SPDX-License-Identifier: MIT
// Processes made otherwise than by fork(): clone with memory of its own and shared until it ends, vfork, posix_spawn.
#include "behaviour.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace {

int shared_value;
constexpr std::size_t stack_bytes = 256 << 10;

int end_by_exit(void*) {
  ++shared_value;
  std::exit(5);  // handlers and all, as a process of its own
}
int end_by_return(void*) {
  shared_value = 7;
  return 6;
}

int status_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) != child) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

template <class Make>
void beside_another(ravel::trial& trial, Make make) {
  int counted = 0;
  trial.thread("maker", [&](ravel::worker& me) { make(me); });
  trial.thread("other", [&](ravel::worker&) {
    for (int i = 0; i < 5; ++i) {
      ++counted;
      sched_yield();
    }
  });
  trial.run();
  trial.require_equal(counted, 5, "the other goes on here, and only here");
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "clone with memory of its own",
                 .options = {.executions = 20},
                 .body = [](ravel::trial& trial) {
                   shared_value = 0;
                   beside_another(trial, [](ravel::worker& me) {
                     char* stack = static_cast<char*>(std::malloc(stack_bytes));
                     const pid_t child = clone(end_by_exit, stack + stack_bytes, SIGCHLD, nullptr);
                     me.require(child > 0 && status_of(child) == 5, "it has ended");
                     me.require_equal(shared_value, 0, "what it wrote is its own");
                     std::free(stack);
                   });
                 }});
// ASan takes the child's end on a stack that it does not know for the thread's.
static const bool clones_with_shared_memory =
    behaviour::variant() != "address" && behaviour::variant() != "thread" &&
    behaviour::add({.name = "clone with shared memory until it ends",
                    .options = {.executions = 20},
                    .body = [](ravel::trial& trial) {
                      shared_value = 0;
                      beside_another(trial, [](ravel::worker& me) {
                        char* stack = static_cast<char*>(std::malloc(stack_bytes));
                        const pid_t child =
                            clone(end_by_return, stack + stack_bytes, CLONE_VM | CLONE_VFORK | SIGCHLD, nullptr);
                        me.require(child > 0 && status_of(child) == 6, "it has ended");
                        me.require_equal(shared_value, 7, "what it wrote is here");
                        std::free(stack);
                      });
                    }});
RAVEL_BEHAVIOUR({.name = "vfork", .options = {.executions = 20}, .body = [](ravel::trial& trial) {
                   beside_another(trial, [](ravel::worker& me) {
                     const pid_t child = vfork();
                     if (child == 0) {
                       execl("/bin/sh", "sh", "-c", "exit 4", static_cast<char*>(nullptr));
                       _exit(127);
                     }
                     me.require(child > 0 && status_of(child) == 4, "it has become another program, and ended");
                     int ends[2];
                     me.require_equal(pipe2(ends, O_NONBLOCK), 0, "a pipe");
                     const pid_t other = vfork();
                     if (other == 0) {
                       usleep(3'000);
                       _exit(write(ends[1], "x", 1) == 1 ? 3 : 4);
                     }
                     char byte = 0;
                     me.require(read(ends[0], &byte, 1) == 1, "the parent goes on when the child has ended");
                     close(ends[0]);
                     close(ends[1]);
                     me.require(other > 0 && status_of(other) == 3, "it has ended");
                   });
                 }});
RAVEL_BEHAVIOUR({.name = "posix_spawn", .options = {.executions = 20}, .body = [](ravel::trial& trial) {
                   beside_another(trial, [](ravel::worker& me) {
                     char name[] = "sh", option[] = "-c", command[] = "exit 9";
                     char* arguments[] = {name, option, command, nullptr};
                     pid_t child = 0;
                     me.require_equal(posix_spawn(&child, "/bin/sh", nullptr, nullptr, arguments, environ), 0, "made");
                     me.require_equal(status_of(child), 9, "it has ended");
                   });
                 }});
// Which child ends first is up to the machine, and decides nothing.
RAVEL_BEHAVIOUR({.name = "two threads with children of their own",
                 .options = {.executions = 40},
                 .body = [](ravel::trial& trial) {
                   trial.threads(2, "maker", [](ravel::worker& me) {
                     int ends[2];
                     me.require_equal(pipe2(ends, O_CLOEXEC), 0, "a pipe");
                     const pid_t child = fork();
                     if (child == 0) {
                       usleep(2'000);
                       _exit(write(ends[1], "x", 1) == 1 ? 3 : 4);
                     }
                     close(ends[1]);
                     char byte = 0;
                     me.require(child > 0 && read(ends[0], &byte, 1) == 1 && byte == 'x', "it wrote");
                     close(ends[0]);
                     me.require_equal(status_of(child), 3, "it has ended");
                   });
                   trial.run();
                 }});
// A child that needs another thread here to end.
RAVEL_BEHAVIOUR({.name = "a child that is fed by another thread",
                 .options = {.executions = 40},
                 .body = [](ravel::trial& trial) {
                   int ends[2];
                   trial.require_equal(pipe2(ends, O_CLOEXEC), 0, "a pipe");
                   const pid_t child = fork();
                   if (child == 0) {
                     char byte = 0;
                     _exit(read(ends[0], &byte, 1) == 1 ? 3 : 4);
                   }
                   trial.thread("waits", [&](ravel::worker& me) { me.require_equal(status_of(child), 3, "fed"); });
                   trial.thread("feeds", [&](ravel::worker& me) { me.require(write(ends[1], "x", 1) == 1, "food"); });
                   trial.run();
                   close(ends[0]);
                   close(ends[1]);
                 }});
