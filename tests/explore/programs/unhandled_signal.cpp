// SPDX-License-Identifier: MIT
// A thread that was started before the signal was blocked may get it, and then nobody handles it.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

int main() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  std::atomic<bool> is_over{false};
  std::thread early([&] {
    while (!is_over.load()) std::this_thread::yield();
  });
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::thread sender([] { kill(getpid(), SIGUSR1); });
  int signal = 0;
  sigwait(&set, &signal);
  is_over = true;
  sender.join();
  early.join();
}
