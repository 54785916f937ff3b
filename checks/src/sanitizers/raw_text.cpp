// SPDX-License-Identifier: MIT
// See raw_text.hpp. The descriptor is moved up out of the way of targets that count or expect low numbers.
#include "raw_text.hpp"

#include "runtime.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string_view>

namespace ravel::checks::sanitizers {

namespace {

raw_text* text_in_flight = nullptr;
bool is_diverted = false;

void print_to(int descriptor) noexcept {
  void* const number = reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor));
  if (__sanitizer_set_report_fd != nullptr) __sanitizer_set_report_fd(number);
  // Beside libasan, gcc's libubsan is a library of its own and keeps a descriptor of its own.
  static const auto ubsan_set = []() -> void (*)(void*) {
    if (!is_ubsan()) return nullptr;
    void* library = dlopen("libubsan.so.1", RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) return nullptr;
    return reinterpret_cast<void (*)(void*)>(dlsym(library, "__sanitizer_set_report_fd"));
  }();
  if (ubsan_set != nullptr) ubsan_set(number);
}

void print_to_stderr_in_forked_process() {
  if (!is_diverted) return;
  is_diverted = false;
  print_to(2);
}

std::string value_of_option(const char* variable, std::string_view option) {
  const char* text = std::getenv(variable);
  const std::string_view options = text == nullptr ? "" : text;
  std::string found;
  for (std::size_t at = 0; (at = options.find(option, at)) != std::string_view::npos; at += option.size()) {
    if (at != 0 && std::string_view(":, \t\n").find(options[at - 1]) == std::string_view::npos) continue;
    const std::size_t begin = at + option.size();
    found = options.substr(begin, options.find_first_of(":, \t\n", begin) - begin);
  }
  return found;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

raw_text::raw_text() noexcept {
  const auto opened = static_cast<int>(syscall(SYS_memfd_create, "ravel-sanitizer-text", 1u /* close on exec */));
  if (opened < 0) return;
  const int moved = fcntl(opened, F_DUPFD_CLOEXEC, 700);
  descriptor_ = moved < 0 ? opened : moved;
  if (moved >= 0) close(opened);
  static const int registered = pthread_atfork(nullptr, nullptr, print_to_stderr_in_forked_process);
  static_cast<void>(registered);
  text_in_flight = this;
}

raw_text::~raw_text() {
  if (text_in_flight == this) text_in_flight = nullptr;
  if (is_diverted) restore();
  if (descriptor_ >= 0) close(descriptor_);
}

void raw_text::divert() noexcept {
  if (descriptor_ < 0) return;
  hand_out();
  is_diverted = true;
}

void raw_text::hand_out() noexcept {
  if (given_ < 0 || fcntl(given_, F_GETFD) < 0) given_ = fcntl(descriptor_, F_DUPFD_CLOEXEC, 700);
  print_to(given_ < 0 ? 2 : given_);
}

void raw_text::restore() noexcept {
  is_diverted = false;
  print_to(2);
}

void raw_text::divert_again() noexcept {
  if (is_diverted && text_in_flight != nullptr) text_in_flight->hand_out();
}

std::uint64_t raw_text::size() const noexcept {
  struct stat known{};
  // By the raw system call: the sanitizers intercept fstat.
  if (descriptor_ < 0 || syscall(SYS_fstat, descriptor_, &known) != 0) return 0;
  return static_cast<std::uint64_t>(known.st_size);
}

std::size_t raw_text::copy(std::uint64_t from, char* to, std::size_t bytes) const noexcept {
  if (descriptor_ < 0) return 0;
  const long count = syscall(SYS_pread64, descriptor_, to, bytes, from);
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

std::string raw_text::read(std::uint64_t from) const {
  const std::uint64_t end = size();
  std::string text(end > from ? end - from : 0, '\0');
  text.resize(copy(from, text.data(), text.size()));
  return text;
}

raw_text* current_raw_text() noexcept { return text_in_flight; }

void keep_text(const std::string& text) {
  if (text.empty()) return;
  if (const char* folder = std::getenv("RAVEL_REPORT_DIR"); folder != nullptr && *folder != '\0') {
    const char* lane = std::getenv("RAVEL_LANE");
    std::ofstream(std::string(folder) + "/" + (lane == nullptr || *lane == '\0' ? "stress" : lane) + ".sanitizer.txt",
                  std::ios::app)
        << text;
  }
  for (const char* variable : {"TSAN_OPTIONS", "ASAN_OPTIONS"}) {
    if ((variable[0] == 'T') != is_tsan()) continue;
    const std::string path = value_of_option(variable, "log_path=");
    if (path.empty() || path == "stderr" || path == "stdout") continue;
    std::ofstream(path + "." + std::to_string(getpid()), std::ios::app) << text;
  }
}

untold_text find_untold(const std::string& text, std::uint64_t heard, std::uint64_t leak_reports) {
  std::uint64_t reports = 0, leaks = 0;
  std::string last_report;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    if (has(line, "CHECK failed") || has(line, "FATAL: ") || has(line, "nested bug")) return {std::string(line)};
    if (has(line, "ERROR: LeakSanitizer: detected memory leaks")) {
      ++leaks;
    } else if (has(line, "ERROR: LeakSanitizer")) {
      return {std::string(line)};
    } else if (has(line, "WARNING: ThreadSanitizer: ") || has(line, "ERROR: AddressSanitizer: ") ||
               has(line, ": runtime error: ")) {
      ++reports;
      last_report = line;
    }
  }
  if (reports > heard) return {last_report};
  if (leaks > leak_reports) return {"a leak report"};
  return {};
}

}  // namespace ravel::checks::sanitizers
