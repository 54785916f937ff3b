// SPDX-License-Identifier: MIT
// Whole programs as subjects: an existing program with its own main, linked with Ravel::program, runs as it is unless
// the environment asks for a mode (RAVEL_MODE, RAVEL_REPLAY). Then main runs once in each round or execution, in a
// forked child with fresh globals; atexit handlers and static destructors belong to it. What main returns, or exit is
// given, must be 0. Each reads the same standard input from its start: a file; what a pipe brings (64 MiB at most)
// until it is closed or nothing comes for a second; of a terminal, nothing. What the program prints is dropped, but in
// a replay. Exit code: that of the report. Call run_program from the program's first thread, before it starts others.
// Errors: as for run_test.
#pragma once

#include <ravel/report.hpp>

#include <functional>
#include <string>

namespace ravel {

[[nodiscard]] report run_program(const std::string& name, const std::function<int()>& program);

// What the wrapped main does: runs the program itself, or judges it and ends the process with the report's
// exit code, by _exit: the supervising process runs none of the program's static destructors and atexit functions.
int program_main(int argc, char** argv, char** environment, int (*real_main)(int, char**, char**));

}  // namespace ravel
