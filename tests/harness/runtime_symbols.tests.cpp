// SPDX-License-Identifier: MIT
// What clang's sanitizer runtimes ask the program for: functions and lines, of which a process asks only for what none
// before it has learned.
#include "catch.hpp"

#include <ravel/symbols.hpp>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#ifdef __clang__

extern "C" {
bool __sanitizer_symbolize_code(const char* module, std::uint64_t offset, char* buffer, int capacity);
bool __sanitizer_symbolize_data(const char* module, std::uint64_t offset, char* buffer, int capacity);
int __sanitizer_symbolize_demangle(const char* name, char* buffer, int capacity);
}

namespace {

int things_stored = 1;

[[gnu::noinline]] void store_a_thing() { asm volatile("" : : "r"(&things_stored) : "memory"); }
[[gnu::noinline]] void drop_a_thing() { asm volatile("" : : "r"(&things_stored), "i"(2) : "memory"); }

std::string answer_about(const void* address, decltype(__sanitizer_symbolize_code)* ask = __sanitizer_symbolize_code) {
  Dl_info known{};
  if (dladdr(address, &known) == 0) return "no module";
  const auto offset = reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(known.dli_fbase);
  char text[4096];
  char path[4096] = "";
  if (readlink("/proc/self/exe", path, sizeof path - 1) < 0) return "no path";
  return ask(path, offset, text, sizeof text) ? text : "no answer";
}

bool has_children() {
  siginfo_t one{};
  return waitid(P_ALL, 0, &one, WEXITED | WNOHANG | WNOWAIT) == 0;
}

// 0: it has an answer with the words and no symboliser; 1: it has started one; 2: another answer.
int answer_in_child(void (*about)(), const char* words) {
  const pid_t child = fork();
  if (child == 0) {
    const std::string text = answer_about(reinterpret_cast<void*>(about));
    _exit(text.find(words) == std::string::npos ? 2 : has_children() ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("runtime symbols: functions and lines, which all processes know that were forked before or after") {
  // The first child asks, the parent and the second child know.
  CHECK(answer_in_child(store_a_thing, "store_a_thing") == 1);
  CHECK(answer_in_child(store_a_thing, "store_a_thing") == 0);
  const std::string code = answer_about(reinterpret_cast<void*>(store_a_thing));
  CHECK(code.find("runtime_symbols.tests.cpp:31") != std::string::npos);
  CHECK(code.substr(code.size() - 2) == "\n\n");
  CHECK(!has_children());

  CHECK(answer_about(&things_stored, __sanitizer_symbolize_data).find("things_stored") != std::string::npos);
  CHECK(has_children());
  CHECK(answer_in_child(drop_a_thing, "drop_a_thing") == 1);  // the parent's symboliser is not the child's
  CHECK(answer_about(reinterpret_cast<void*>(drop_a_thing)).find("drop_a_thing") != std::string::npos);

  int own = 0;
  for (int descriptor = 0; descriptor < 1024; ++descriptor)
    if (ravel::is_runtime_symbols_descriptor(descriptor)) {
      ++own;
      CHECK(fcntl(descriptor, F_GETFD) == FD_CLOEXEC);
    }
  CHECK(own == 2);
}

TEST_CASE("runtime symbols: an answer that does not fit is none, and errno stays") {
  char text[8];
  errno = ENOENT;
  CHECK(!__sanitizer_symbolize_code("/proc/self/exe", 0x1000, text, sizeof text));
  CHECK(!__sanitizer_symbolize_code("/nowhere/at/all", 0x1000, text, 0));
  CHECK(errno == ENOENT);
}

TEST_CASE("runtime symbols: names in plain") {
  char text[64];
  const char* plain = "store(int)";
  CHECK(__sanitizer_symbolize_demangle("_Z5storei", text, sizeof text) == static_cast<int>(std::strlen(plain)) + 1);
  CHECK(text == std::string(plain));
  CHECK(__sanitizer_symbolize_demangle("_Z5storei", text, 4) > 4);  // so many bytes would do
  CHECK(__sanitizer_symbolize_demangle("malloc", text, sizeof text) == 7);
  CHECK(text == std::string("malloc"));
}

#else

TEST_CASE("runtime symbols: gcc's runtimes read debug information themselves") {
  CHECK(!ravel::is_runtime_symbols_descriptor(0));
  CHECK(!ravel::is_runtime_symbols_descriptor(-1));
}

#endif
