// SPDX-License-Identifier: MIT
// See ravel/program.hpp. The program ends by exit, so that its handlers and static destructors run while the execution
// is still under control; the last handler of all, registered before any other, closes the trial and ends the process.
#include <ravel/program.hpp>

#include "base/process_end.hpp"
#include "process/batch.hpp"
#include "process/program_end.hpp"
#include "process/run.hpp"
#include "record/batch_process.hpp"
#include "report/sinks.hpp"
#include "scratch.hpp"

#include <ravel/environment.hpp>
#include <ravel/run_test.hpp>
#include <ravel/usage_error.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace ravel {

namespace detail {

namespace {

// Runs after all others: it was registered before them.
void on_last_exit(int, void*) {
  run* current = is_in_batch() ? current_run_object() : nullptr;
  if (current == nullptr || !current->options.is_program || current->trial() == 0) return;
  finish_program_batch(*current);
  end_process(0);
}

[[gnu::constructor(101)]] void register_last_exit() { on_exit(on_last_exit, nullptr); }

}  // namespace

namespace {

bool is_asked_for() noexcept { return std::getenv("RAVEL_MODE") != nullptr || std::getenv("RAVEL_REPLAY") != nullptr; }

// The supervising process runs nothing of the program: no static destructor, no function given to atexit.
[[noreturn]] void leave(int code) {
  std::fflush(stdout);
  std::fflush(stderr);
  end_process(code);
}

// Where the program's input starts, which each execution reads from there; -1: there is none that could be.
off_t start_of_input = -1;

// Keeps what comes through a pipe or a socket in memory. One that nobody closes is not waited for.
void keep_stream() {
  constexpr std::size_t most = std::size_t{64} << 20;
  constexpr int patience = 1'000;  // milliseconds without a byte
  const int kept = memfd_create("ravel-stdin", MFD_CLOEXEC);
  if (kept < 0) return;
  static char piece[1 << 16];
  std::size_t bytes = 0;
  for (;;) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, patience) == 0) {
      if (bytes != 0)
        std::fprintf(stderr, "note: stdin is not closed: each execution reads the %zu bytes that came so far\n", bytes);
      break;
    }
    const ssize_t count = read(STDIN_FILENO, piece, sizeof piece);
    if (count <= 0) break;
    bytes += static_cast<std::size_t>(count);
    if (bytes > most)
      throw usage_error("stdin is a pipe that brings more than 64 MiB: give it as a file, \"program < file\".");
    if (write(kept, piece, static_cast<std::size_t>(count)) != count) break;
  }
  dup2(kept, STDIN_FILENO);
  close(kept);
}

void keep_input() {
  start_of_input = lseek(STDIN_FILENO, 0, SEEK_CUR);
  if (start_of_input >= 0 || errno != ESPIPE) return;
  if (isatty(STDIN_FILENO) != 0) {
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0) dup2(nothing, STDIN_FILENO);
    if (nothing > 0) close(nothing);
  } else {
    keep_stream();
  }
  start_of_input = 0;
}

}  // namespace

}  // namespace detail

report run_program(const std::string& name, const std::function<int()>& program) {
  test_options options;
  options.name = name;
  options.isolation = isolation::trial;
  options.is_program = true;
  return detail::told(name, "program", [&] {
    detail::prepare_scratch();
    detail::keep_input();
    return run_test(options, [&](trial&) {
      if (detail::start_of_input >= 0) lseek(STDIN_FILENO, detail::start_of_input, SEEK_SET);
      const int status = program();
      detail::program_returned(status);
      std::exit(status);
    });
  });
}

int program_main(int argc, char** argv, char** environment, int (*real_main)(int, char**, char**)) {
  if (!detail::is_asked_for()) return real_main(argc, argv, environment);
  const char* slash = argc > 0 ? std::strrchr(argv[0], '/') : nullptr;
  const std::string name = argc > 0 ? (slash == nullptr ? argv[0] : slash + 1) : "program";
  const report result = run_program(name, [&] { return real_main(argc, argv, environment); });
  if (result.verdict == verdict::misused) {
    std::fflush(stdout);
    std::fprintf(stderr, "usage error: %s\n", result.reason.c_str());
  } else {
    print(result);
  }
  detail::leave(exit_code(result));
}

}  // namespace ravel
