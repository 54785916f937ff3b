// SPDX-License-Identifier: MIT
// The last line of a finding: the command that shows it again, verbatim, in a fresh shell, from any directory.
// Parent only. In CTest the lane is named; outside, this program with the arguments that select the test case.
#include "rerun.hpp"

#include "words.hpp"

#include <unistd.h>

#include <fstream>

namespace ravel::detail {

namespace {

std::string no_selector() { return {}; }

std::string this_program() {
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  return length <= 0 ? "<this program>" : shell_word(std::string_view(path, static_cast<std::size_t>(length)));
}

// Without an adapter that can select a test case, the program is called as it was.
std::string own_arguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string all, one;
  for (bool is_first = true; std::getline(file, one, '\0'); is_first = false)
    if (!is_first) all += " " + shell_word(one);
  return all;
}

// A test name as a regular expression that matches it only. Dots stay, for the eye: ^ and $ make mix-ups unlikely.
std::string expression_for(const std::string& lane) {
  std::string text;
  for (const char c : lane) {
    if (std::string_view("+*?()[]|\\^$").find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text;
}

// What changes the execution itself, and is in no token.
std::string conditions(const environment& asked) {
  std::string text;
  const auto add = [&](const char* name, const std::optional<bool>& is_on) {
    if (is_on) text += std::string(name) + (*is_on ? "=1 " : "=0 ");
  };
  add("RAVEL_SPURIOUS_WAKEUPS", asked.has_spurious_wakeups);
  add("RAVEL_EARLY_TIMEOUTS", asked.has_early_timeouts);
  add("RAVEL_FAILING_TRIES", asked.has_failing_tries);
  add("RAVEL_SCRATCH", asked.has_scratch);
  if (asked.hold_up) {
    char value[40];
    std::snprintf(value, sizeof value, "%.9g", *asked.hold_up);
    text += std::string("RAVEL_HOLD_UP=") + value + " ";
  }
  if (asked.points) text += "RAVEL_POINTS=" + std::to_string(*asked.points) + " ";
  return text;
}

}  // namespace

std::string (*test_selector)() = no_selector;

std::string rerun_command(const environment& asked, const std::string& token) {
  const std::string replay = conditions(asked) + "RAVEL_REPLAY=" + token + " ";
  if (!asked.lane.empty() && !asked.build_dir.empty())
    return replay + "ctest --test-dir " + shell_word(asked.build_dir) + " -R '^" + expression_for(asked.lane) + "$' -V";
  std::string command = replay;
  if (!asked.tool.empty()) command += "RAVEL_TOOL=" + asked.tool + " valgrind --tool=" + asked.tool + " ";
  command += this_program();
  if (test_selector == no_selector) return command + own_arguments();
  if (const std::string argument = test_selector(); !argument.empty()) command += " " + shell_word(argument);
  return command;
}

std::string rerun_command_for_file(const environment& asked, const std::string& token, const std::string& path) {
  return conditions(asked) + "RAVEL_REPLAY=" + token + " " + this_program() + " " + shell_word(path);
}

}  // namespace ravel::detail
