// SPDX-License-Identifier: MIT
// Shared libraries: their frames are symbolised like any other, and those without TSan's instrumentation are named.
// Also the process behind it: large input and output, and a tool that does not end.
#include "catch.hpp"
#include "record/uninstrumented.hpp"
#include "symbolize/library.hpp"
#include "symbols/symbolize.hpp"
#include "symbols/symbolizer_process.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

void instrumented_call(void (*callback)());

namespace {

std::uintptr_t return_address;
void note_caller() { return_address = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)); }

ravel::frame frame_in_library(void (*call)(void (*)())) {
  call(note_caller);
  const auto modules = std::make_unique<ravel::detail::module_table>();
  ravel::detail::note_modules(*modules);
  return ravel::detail::symbolize({return_address}, *modules)[0].at(0);
}

}  // namespace

TEST_CASE("symbolize: frames of shared libraries have their lines", "[harness]") {
  for (void (*call)(void (*)()) : {&plain_call, &instrumented_call}) {
    const ravel::frame frame = frame_in_library(call);
    CHECK(frame.file.ends_with("harness/symbolize/library.cpp"));
    CHECK(frame.line == line_of_library_call);
    CHECK(frame.is_user);
    CHECK(frame.module.find(".so") != std::string::npos);
  }
}

TEST_CASE("uninstrumented modules: the library that TSan cannot see into is named, the other is not", "[harness]") {
  const std::vector<std::string> names = ravel::detail::uninstrumented_modules("thread");
  const auto is_named = [&](const char* part) {
    return std::ranges::any_of(names, [&](const std::string& name) { return name.find(part) != std::string::npos; });
  };
  CHECK(is_named("subject_plain"));
  CHECK_FALSE(is_named("subject_instrumented"));
  CHECK_FALSE(is_named("libstdc++"));
  CHECK_FALSE(is_named("libtsan"));
  CHECK(ravel::detail::uninstrumented_modules("plain").empty());
}

TEST_CASE("symbolizer process: megabytes go in and come out", "[harness]") {
  const std::string text(4u << 20, 'x');
  const ravel::detail::process_result result = ravel::detail::run_process({"/bin/cat"}, text, 30);
  REQUIRE(result.is_done);
  CHECK(result.output.size() == text.size());
}

TEST_CASE("symbolizer process: one that does not end is given up, one that fails or is absent is told", "[harness]") {
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(ravel::detail::run_process({"/bin/sleep", "100"}, "", 0.2).is_done);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  CHECK_FALSE(ravel::detail::run_process({"/bin/false"}, "", 10).is_done);
  CHECK_FALSE(ravel::detail::run_process({"/no/such/program"}, "", 10).is_done);
}

TEST_CASE("symbolizer process: programs are found on PATH in the order asked for", "[harness]") {
  CHECK(ravel::detail::find_program({"no-such-program", "sh"}).ends_with("/sh"));
  CHECK(ravel::detail::find_program({"no-such-program"}).empty());
}

namespace {

const std::vector<std::string> echo = {"/bin/sh", "-c", "while read -r line; do echo \"$line\"; echo; done"};

}  // namespace

TEST_CASE("symbolizer process: a conversation goes on", "[harness]") {
  ravel::detail::conversation conversation(echo);
  for (const char* word : {"first", "second"}) {
    const ravel::detail::process_result result = conversation.ask(std::string(word) + "\nlast\n", 2, 30);
    REQUIRE(result.is_done);
    CHECK(result.output == std::string(word) + "\n\nlast\n\n");
  }
  std::string many;
  for (int i = 0; i < 50'000; ++i) many += "a line that is echoed\n";
  const ravel::detail::process_result result = conversation.ask(many, 50'000, 60);
  REQUIRE(result.is_done);
  CHECK(result.output.size() == many.size() + 50'000);
}

TEST_CASE("symbolizer process: who does not answer, or ends, ends the conversation in time", "[harness]") {
  ravel::detail::conversation silent({"/bin/sleep", "100"});
  CHECK_FALSE(silent.ask("question\n", 1, 0.2).is_done);
  CHECK_FALSE(silent.ask("question\n", 1, 10).is_done);
  ravel::detail::conversation absent({"/no/such/program"});
  CHECK_FALSE(absent.ask("question\n", 1, 10).is_done);
  ravel::detail::conversation brief({"/bin/true"});
  CHECK_FALSE(brief.ask(std::string(1u << 20, 'x'), 1, 10).is_done);
  CHECK((waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD));  // all are gone
}

TEST_CASE("symbolizer process: a process that is forked meanwhile has no part in a conversation", "[harness]") {
  ravel::detail::conversation conversation(echo);
  const pid_t child = fork();
  if (child == 0) _exit(conversation.ask("question\n", 1, 5).is_done ? 1 : 0);
  int status = -1;
  CHECK((waitpid(child, &status, 0) == child && status == 0));
  CHECK(conversation.ask("question\n", 1, 30).output == "question\n\n");
}
