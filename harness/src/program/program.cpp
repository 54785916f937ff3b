// SPDX-License-Identifier: MIT
// See ravel/program.hpp. The program ends by exit, so that its handlers and static destructors run while the execution
// is still under control; the last handler of all, registered before any other, closes the trial and ends the process.
#include <ravel/program.hpp>

#include "base/process_end.hpp"
#include "process/batch.hpp"
#include "process/program_end.hpp"
#include "process/run.hpp"
#include "record/batch_process.hpp"

#include <ravel/environment.hpp>
#include <ravel/run_test.hpp>
#include <ravel/usage_error.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

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

int misused(const char* text, int code) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s\n", code == 64 ? "usage error" : "broken", text);
  return code;
}

}  // namespace

}  // namespace detail

report run_program(const std::string& name, const std::function<int()>& program) {
  test_options options;
  options.name = name;
  options.isolation = isolation::trial;
  options.is_program = true;
  return run_test(options, [&](trial&) {
    const int status = program();
    detail::program_returned(status);
    std::exit(status);
  });
}

int program_main(int argc, char** argv, char** environment, int (*real_main)(int, char**, char**)) {
  if (!detail::is_asked_for()) return real_main(argc, argv, environment);
  try {
    const char* slash = argc > 0 ? std::strrchr(argv[0], '/') : nullptr;
    const std::string name = argc > 0 ? (slash == nullptr ? argv[0] : slash + 1) : "program";
    const report result = run_program(name, [&] { return real_main(argc, argv, environment); });
    print(result);
    detail::leave(exit_code(result));
  } catch (const usage_error& misuse) {
    detail::leave(detail::misused(misuse.what(), 64));
  } catch (const std::exception& error) {
    detail::leave(detail::misused(error.what(), 70));
  }
}

}  // namespace ravel
