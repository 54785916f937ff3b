// SPDX-License-Identifier: MIT
// The linker's --wrap=main leads the start-up code here instead of to the program's own main.
#include <ravel/program.hpp>

extern "C" {
int __real_main(int argc, char** argv, char** environment);
[[gnu::visibility("default")]] int __wrap_main(int argc, char** argv, char** environment) {
  return ravel::program_main(argc, argv, environment, __real_main);
}
}
