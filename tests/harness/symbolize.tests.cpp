// SPDX-License-Identifier: MIT
// Symbolising this very program: names, lines, inlined frames and whose frame it is, with llvm-symbolizer, with
// addr2line and with neither. Compiled at -O0 and at -O2 (harness/CMakeLists.txt).
#include "symbols/symbolize.hpp"
#include "catch.hpp"
#include "symbols/names.hpp"

#include <ravel/worker.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>
#include <sys/wait.h>
#include <unistd.h>

namespace {

std::uintptr_t return_address;
unsigned call_line, outer_line;

[[gnu::noinline]] void note_caller() {
  return_address = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  asm volatile("");
}

class session_cache {
 public:
  [[gnu::noinline]] void store(int key) {
    call_line = __LINE__ + 1;
    note_caller();
    size_ += key;
    asm volatile("" : : "r"(&size_) : "memory");
  }
  // At -O2 a frame without a function of its own.
  [[gnu::always_inline]] void store_inline(int key) {
    call_line = __LINE__ + 1;
    note_caller();
    size_ += key;
    asm volatile("" : : "r"(&size_) : "memory");
  }
  [[gnu::noinline]] void outer(int key) {
    outer_line = __LINE__ + 1;
    store_inline(key);
    asm volatile("");
  }

 private:
  int size_ = 0;
};

std::vector<ravel::frame> frames_of(std::uintptr_t pc) {
  const auto modules = std::make_unique<ravel::detail::module_table>();
  ravel::detail::note_modules(*modules);
  auto all = ravel::detail::symbolize({pc}, *modules);
  REQUIRE(all.size() == 1);
  REQUIRE_FALSE(all[0].empty());
  return all[0];
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

void check_stored_frame(const ravel::frame& frame, const char* name) {
  CHECK(has(frame.function, name));
  CHECK(has(frame.file, "symbolize.tests.cpp"));
  CHECK(frame.line == call_line);
  CHECK(frame.is_user);
  CHECK(has(frame.module, "/"));
}

// PATH with nothing but links to the given programs.
class narrow_path {
 public:
  explicit narrow_path(const std::vector<std::string>& programs) : before_(std::getenv("PATH")) {
    folder_ = std::filesystem::temp_directory_path() / "ravel-path-XXXXXX";
    REQUIRE(mkdtemp(folder_.data()) != nullptr);
    for (const std::string& program : programs)
      std::filesystem::create_symlink("/usr/bin/" + program, folder_ + "/" + program);
    setenv("PATH", folder_.c_str(), 1);
    ravel::detail::forget_symbols();
  }
  ~narrow_path() {
    setenv("PATH", before_.c_str(), 1);
    ravel::detail::forget_symbols();
    std::filesystem::remove_all(folder_);
  }

 private:
  std::string before_, folder_;
};

}  // namespace

TEST_CASE("symbolize: a call is told by its function and line", "[harness]") {
  session_cache().store(1);
  check_stored_frame(frames_of(return_address)[0], "session_cache::store");
}

TEST_CASE("symbolize: inlined frames come first, then the function they are in", "[harness]") {
  session_cache().outer(1);
  const std::vector<ravel::frame> frames = frames_of(return_address);
  check_stored_frame(frames[0], "store_inline");
  REQUIRE(frames.size() == 2);
  CHECK(has(frames[1].function, "session_cache::outer"));
  CHECK(frames[1].line == outer_line);
}

TEST_CASE("symbolize: a lambda that takes a worker is the user's, what calls it is not", "[harness]") {
  ravel::worker worker(0, "client", 1);
  std::uintptr_t std_caller = 0;
  const std::function<void(ravel::worker&)> body = [&](ravel::worker&) {
    std_caller = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
    call_line = __LINE__ + 1;
    note_caller();
    asm volatile("");
  };
  body(worker);
  const ravel::frame frame = frames_of(return_address)[0];
  CHECK(has(frame.file, "symbolize.tests.cpp"));
  CHECK(frame.line == call_line);
  CHECK(frame.is_user);
  const std::string name = ravel::detail::short_function_name(frame.function);
  CHECK((name == "lambda in the test body" || name == "a lambda" || name == "operator()"));
  CHECK_FALSE(frames_of(std_caller)[0].is_user);
}

TEST_CASE("symbolize: library code inlined into the user's is told apart", "[harness]") {
  const std::vector<int> values = {1};
  std::for_each(values.begin(), values.end(), [](int) { note_caller(); });
  const std::vector<ravel::frame> frames = frames_of(return_address);
  CHECK(frames[0].is_user);
  for (const ravel::frame& frame : frames)
    if (has(frame.file, "/c++/")) CHECK_FALSE(frame.is_user);
}

TEST_CASE("symbolize: addr2line does when there is no llvm-symbolizer", "[harness]") {
  session_cache().store(1);
  const narrow_path path({"addr2line"});
  check_stored_frame(frames_of(return_address)[0], "store");
  CHECK(ravel::detail::symbolizer_problem().empty());
}

TEST_CASE("symbolize: with no tool at all module and offset remain, and the report says why", "[harness]") {
  session_cache().store(1);
  const narrow_path path({});
  const ravel::frame frame = frames_of(return_address)[0];
  CHECK(frame.file.empty());
  CHECK(frame.offset != 0);
  CHECK(has(frame.module, "symbolize"));
  CHECK(has(ravel::detail::symbolizer_problem(), "neither llvm-symbolizer nor addr2line"));
}

TEST_CASE("symbolize: a tool that fails is told, and does not stop the report", "[harness]") {
  session_cache().store(1);
  const narrow_path path({});
  const std::string folder = std::getenv("PATH");
  std::filesystem::create_symlink("/bin/false", folder + "/llvm-symbolizer");
  const ravel::frame frame = frames_of(return_address)[0];
  CHECK(frame.file.empty());
  CHECK(has(ravel::detail::symbolizer_problem(), "could not read every module"));
}

TEST_CASE("symbolize: what was answered is known; with nobody to ask, too, and in a forked process", "[harness]") {
  session_cache().store(1);
  const unsigned line = call_line;
  const std::uintptr_t first = return_address;
  const ravel::detail::symbolizing once;
  check_stored_frame(frames_of(first)[0], "store");
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  const ravel::frame again = frames_of(first)[0];
  const bool has_problem = !ravel::detail::symbolizer_problem().empty();
  setenv("PATH", path.c_str(), 1);
  CHECK(again.line == line);
  CHECK_FALSE(has_problem);

  // What was not, a forked process asks of a symboliser of its own: its parent's would answer the parent.
  session_cache().outer(1);
  const std::uintptr_t second = return_address;
  const pid_t child = fork();
  if (child == 0) {
    bool is_told = frames_of(first)[0].line == line;
    {
      const narrow_path no_addr2line({"llvm-symbolizer"});
      is_told = is_told && frames_of(second)[0].line == call_line;
    }
    _exit(is_told ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  check_stored_frame(frames_of(second)[0], "store_inline");
}

TEST_CASE("symbolize: a file that was written anew is asked anew", "[harness]") {
  session_cache().store(1);
  std::string folder = std::filesystem::temp_directory_path() / "ravel-file-XXXXXX";
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/module";
  std::filesystem::copy_file("/proc/self/exe", path);
  const auto modules = std::make_unique<ravel::detail::module_table>();
  ravel::detail::note_modules(*modules);
  for (std::uint32_t i = 0; i < modules->count; ++i)
    if (return_address >= modules->entries[i].begin && return_address < modules->entries[i].end)
      std::snprintf(modules->entries[i].path, sizeof modules->entries[i].path, "%s", path.c_str());
  const auto line_there = [&] { return ravel::detail::symbolize({return_address}, *modules)[0][0].line; };
  CHECK(line_there() == call_line);
  std::filesystem::remove(path);
  std::filesystem::copy_file("/bin/true", path);
  CHECK(line_there() == 0);
  std::filesystem::remove_all(folder);
}

TEST_CASE("symbolize: an address of no module is kept as it is", "[harness]") {
  const ravel::frame frame = frames_of(0x1234)[0];
  CHECK(frame.module.empty());
  CHECK_FALSE(frame.is_user);
}

TEST_CASE("symbolize: libc's frames are not the user's", "[harness]") {
  const auto in_libc = reinterpret_cast<std::uintptr_t>(&std::qsort) + 4;
  CHECK_FALSE(frames_of(in_libc)[0].is_user);
}
