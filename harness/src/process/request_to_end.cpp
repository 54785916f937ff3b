// SPDX-License-Identifier: MIT
// See request_to_end.hpp.
#include "request_to_end.hpp"

#include "base/raw_handler.hpp"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <iterator>

namespace ravel::detail {

namespace {

constexpr int noted[] = {SIGINT, SIGTERM, SIGHUP};

kernel_action before[std::size(noted)];
bool is_changed[std::size(noted)];
std::atomic<int> signal_that_came{0};
bool is_anybody_noting = false;

void restore_all() noexcept {
  for (std::size_t i = 0; i < std::size(noted); ++i) {
    if (is_changed[i]) set_raw_action(noted[i], before[i]);
    is_changed[i] = false;
  }
}

void on_request(int signal, siginfo_t*, void*) {
  int none = 0;
  if (signal_that_came.compare_exchange_strong(none, signal)) return;
  restore_all();
  kill(getpid(), signal);  // comes when this handler has ended
}

}  // namespace

request_to_end::request_to_end(bool is_wanted) noexcept : is_noting_(is_wanted && !is_anybody_noting) {
  if (!is_noting_) return;
  is_anybody_noting = true;
  signal_that_came.store(0);
  for (std::size_t i = 0; i < std::size(noted); ++i) {
    before[i] = raw_action(noted[i]);
    if (reinterpret_cast<std::uintptr_t>(before[i].handler) == reinterpret_cast<std::uintptr_t>(SIG_IGN)) continue;
    set_raw_handler(noted[i], on_request, SA_RESTART);
    is_changed[i] = true;
  }
}

request_to_end::~request_to_end() {
  if (!is_noting_) return;
  restore_all();
  is_anybody_noting = false;
}

int request_to_end::came() noexcept { return signal_that_came.load(); }

const char* request_to_end::name_of(int signal) noexcept {
  return signal == SIGINT ? "SIGINT" : signal == SIGHUP ? "SIGHUP" : "SIGTERM";
}

bool request_to_end::is_to_all(int signal) noexcept {
  if (std::ranges::find(noted, signal) == std::end(noted)) return false;
  constexpr timespec moment{0, 5'000'000};
  for (int i = 0; i < 20 && came() == 0; ++i) nanosleep(&moment, nullptr);
  return came() == signal;
}

void request_to_end::leave_to_target() noexcept {
  restore_all();
  is_anybody_noting = false;
  signal_that_came.store(0);
}

void request_to_end::end_if_came(const report& result) const {
  const int signal = came();
  if (!is_noting_ || signal == 0) return;
  print(result);
  std::fflush(nullptr);
  restore_all();
  signal_that_came.store(0);
  kill(getpid(), signal);
}

}  // namespace ravel::detail
