// SPDX-License-Identifier: MIT
// A stress run without a fault in it, and one fault outside of it, which OUTSIDE names: before main, in main beside the
// run, after main. The program's own exit code is that of the run, 0: see CMakeLists.txt for what it must be instead.
#include <ravel/report.hpp>
#include <ravel/stress.hpp>

#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

[[gnu::noinline]] void hidden_race(int volatile* planted) {
  for (int i = 0; i < 1000; ++i) *planted = *planted + 1;
}

namespace {

bool is_planted(std::string_view fault) {
  const char* planted = std::getenv("OUTSIDE");
  return planted != nullptr && fault == planted;
}

int shared_value = 0;

[[gnu::noinline]] void open_race(int volatile* planted) {
  for (int i = 0; i < 1000; ++i) *planted = *planted + 1;
}

void race(void (*add)(int volatile*)) {
  std::thread one(add, &shared_value), other(add, &shared_value);
  one.join();
  other.join();
}

void overflow() {
  int* volatile block = new int[4]{};
  const int volatile planted = block[4];
  static_cast<void>(planted);
  delete[] block;
}

[[gnu::noinline]] void lose() {
  char* volatile block = new char[333];
  block[0] = 'x';
  block = nullptr;
}

// Overwrites what the calls before left on the stack.
[[gnu::noinline]] void wipe_stack() {
  volatile char room[4096];
  for (volatile char& byte : room) byte = 0;
}

void commit(std::string_view where) {
  const std::string place(where);
  if (is_planted(place + ".race")) race(open_race);
  if (is_planted(place + ".hidden_race")) race(hidden_race);
  if (is_planted(place + ".overflow")) overflow();
  if (is_planted(place + ".leak")) lose();
  wipe_stack();
}

struct at_both_ends {
  at_both_ends() { commit("before"); }
  ~at_both_ends() { commit("after"); }
} const of_the_program;

}  // namespace

int main() {
  const ravel::report report = ravel::stress({.name = "inside", .rounds = 3}, [](ravel::trial& trial) {
    trial.threads(2, "loner", [](ravel::worker&) {});
    trial.run();
  });
  ravel::print(report);
  commit("beside");
  return ravel::exit_code(report);
}
