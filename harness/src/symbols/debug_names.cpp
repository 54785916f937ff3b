// SPDX-License-Identifier: MIT
// See debug_names.hpp.
#include "debug_names.hpp"

#include "symbolizer_process.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace ravel::detail {

namespace {

constexpr double most_seconds = 5;

std::string& names_problem() {
  static std::string text;
  return text;
}

std::string hex_text(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

std::string rest_of(const name_question& asked) {
  return "\t" + hex_text(asked.bytes) + "\t" + (asked.value ? hex_text(*asked.value) : "-");
}

std::string names_program() {
  const char* given = std::getenv("RAVEL_NAMES");
  std::string path = given == nullptr ? "" : given;
#ifdef RAVEL_NAMES_PROGRAM
  if (path.empty()) path = RAVEL_NAMES_PROGRAM;
#endif
  return path.empty() || access(path.c_str(), X_OK) != 0 ? "" : path;
}

debug_name answer_of(const std::string& line, const std::string& question) {
  if (line.starts_with("!")) {
    const std::size_t module = question.find('\t') + 1;
    const std::string path = question.substr(module, question.find('\t', module) - module);
    names_problem() =
        "no names of members and local variables of " + path.substr(path.rfind('/') + 1) + ": " + line.substr(1);
    return {};
  }
  const std::size_t first = line.find('\t');
  const std::size_t second = first == std::string::npos ? first : line.find('\t', first + 1);
  if (second == std::string::npos) return {};
  return {line.substr(0, first), line.substr(first + 1, second - first - 1), second + 1 < line.size(), true};
}

}  // namespace

std::string name_question::of_global(const std::string& module, std::uintptr_t in_file) const {
  return "G\t" + module + "\t" + hex_text(in_file) + rest_of(*this);
}

std::string name_question::of_local(const std::string& module, std::uintptr_t pc_in_file,
                                    std::intptr_t from_frame) const {
  const auto distance = static_cast<std::uint64_t>(from_frame < 0 ? -from_frame : from_frame);
  return "L\t" + module + "\t" + hex_text(pc_in_file) + "\t" + (from_frame < 0 ? "-" : "") + hex_text(distance) +
         rest_of(*this);
}

std::string name_question::of_member(const std::string& module, const std::string& type, std::uint64_t block,
                                     std::uint64_t offset, bool is_one) const {
  return (is_one ? "E\t" : "T\t") + module + "\t" + type + "\t" + hex_text(block) + "\t" + hex_text(offset) +
         rest_of(*this);
}

std::vector<debug_name> ask_names(const std::vector<std::string>& questions) {
  std::vector<debug_name> answers(questions.size());
  if (questions.empty()) return answers;
  const std::string program = names_program();
  if (program.empty()) {
    names_problem() =
        "no names of members and local variables: Ravel was built without libdw (Debian: libdw-dev), or RAVEL_NAMES "
        "names no program";
    return answers;
  }
  std::string input;
  for (const std::string& one : questions) input += one + "\n";
  const process_result ran = run_process({program}, input, most_seconds);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const std::size_t end = ran.output.find("\n\n", begin);
    if (end == std::string::npos) break;
    answers[i] = answer_of(ran.output.substr(begin, end - begin), questions[i]);
    begin = end + 2;
  }
  if (!ran.is_done)
    names_problem() =
        "some names of members and local variables are missing: to read the debug information takes longer "
        "than " +
        std::to_string(static_cast<int>(most_seconds)) + " s";
  return answers;
}

std::string debug_names_problem() { return names_problem(); }

}  // namespace ravel::detail
