// SPDX-License-Identifier: MIT
// See ravel/program.hpp. The program ends by exit, so that its handlers and static destructors run while the execution
// is still under control; the last handler of all, registered before any other, closes the trial and ends the process.
#include <ravel/program.hpp>

#include "../batch.hpp"
#include "../crash.hpp"
#include "../run.hpp"
#include "../run_hooks.hpp"

#include <ravel/environment.hpp>
#include <ravel/run_test.hpp>
#include <ravel/usage_error.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

namespace ravel {

namespace detail {

namespace {

void report_status(int status, const char* how) noexcept {
  raw_finding* finding = open_finding(finding_kind::exited, mix(static_cast<std::uint64_t>(status), 41));
  if (finding == nullptr) return;
  finding->check.add("program");
  finding->what.add("the program ").add(how).add(" ").add_signed(status).add("; it should end with 0");
  publish(finding);
}

// Runs after all others: it was registered before them.
void on_last_exit(int, void*) {
  run* current = is_in_batch() ? current_run_object() : nullptr;
  if (current == nullptr || !current->is_program || current->trial() == 0) return;
  finish_program_batch(*current);
  end_process(0);
}

[[gnu::constructor(101)]] void register_last_exit() { on_exit(on_last_exit, nullptr); }

}  // namespace

void silence_program() noexcept {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}

namespace {

bool is_asked_for() noexcept { return std::getenv("RAVEL_MODE") != nullptr || std::getenv("RAVEL_REPLAY") != nullptr; }

int misused(const char* text, int code) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s\n", code == 64 ? "usage error" : "broken", text);
  return code;
}

}  // namespace

void program_called_exit(int status) noexcept {
  if (status != 0) report_status(status, "called exit with");
}

}  // namespace detail

report run_program(const std::string& name, const std::function<int()>& program) {
  test_options options;
  options.name = name;
  options.isolation = isolation::trial;
  options.is_program = true;
  return run_test(options, [&](trial&) {
    const int status = program();
    if (status != 0) detail::report_status(status, "returned");
    detail::program_has_returned = true;
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
    return exit_code(result);
  } catch (const usage_error& misuse) {
    return detail::misused(misuse.what(), 64);
  } catch (const std::exception& error) {
    return detail::misused(error.what(), 70);
  }
}

}  // namespace ravel
