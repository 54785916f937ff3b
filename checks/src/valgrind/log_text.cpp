// SPDX-License-Identifier: MIT
// See log_text.hpp.
#include "log_text.hpp"

#include <cstdlib>

namespace ravel::checks::valgrind {

namespace {

// "   at 0x1091F8: worker(int) (race.cpp:8)" or "   by 0x...: ??? (in /lib/x.so)"
bool parse_frame(std::string_view line, log_frame& frame) {
  const std::size_t start = line.find_first_not_of(' ');
  if (start == std::string_view::npos || start == 0) return false;
  const std::string_view text = line.substr(start);
  if (!text.starts_with("at 0x") && !text.starts_with("by 0x")) return false;
  char* end = nullptr;
  frame.pc = std::strtoull(text.data() + 3, &end, 16) + 1;
  const std::size_t name = text.find(": ");
  if (name == std::string_view::npos) return true;
  std::string_view rest = text.substr(name + 2);
  if (const std::size_t place = rest.rfind(" ("); place != std::string_view::npos && rest.ends_with(')')) {
    const std::string_view inside = rest.substr(place + 2, rest.size() - place - 3);
    const std::size_t colon = inside.rfind(':');
    if (!inside.starts_with("in ") && colon != std::string_view::npos) {
      frame.file = inside.substr(0, colon);
      frame.line = inside.substr(colon + 1);
    }
    rest = rest.substr(0, place);
  }
  frame.function = rest;
  return true;
}

// Lines that tell about something else than an error of the program.
bool is_announcement(std::string_view line) {
  return line.starts_with("---") ||
         (line.starts_with("Thread #") && (has(line, " was created") || has(line, " is the program's root"))) ||
         (line.starts_with("Lock at ") && has(line, " was first observed"));
}

// "Thread 3:" alone, or "Thread 3 client#1:"
bool is_thread_line(std::string_view line) {
  return line.starts_with("Thread ") && line.ends_with(':') && line.size() > 8 && line[7] >= '0' && line[7] <= '9';
}

// A further part of the error before it.
bool is_continuation(std::string_view line) {
  for (const std::string_view start :
       {"This conflicts with ", "Other segment ", "Allocation context", "Block was ", "Address ", "Location ",
        "declared at", "Required order", "Observed ", "followed by ", "during ", "in frame #",
        "Uninitialised value was ", "and before"})
    if (line.starts_with(start)) return true;
  return false;
}

class log_reader {
 public:
  explicit log_reader(std::uint32_t& last_thread) : last_thread_(last_thread) {}

  void read(std::string_view line) {
    log_frame frame;
    if (parse_frame(line, frame)) {
      if (part_ != nullptr) part_->frames.push_back(std::move(frame));
      return;
    }
    const std::size_t start = line.find_first_not_of(' ');
    if (start == std::string_view::npos) return;
    const std::string_view text = line.substr(start);
    if (is_announcement(text)) {
      part_ = nullptr;
    } else if (is_thread_line(text)) {
      last_thread_ = thread_in(text);
    } else if (text.starts_with("Locks held")) {
      // Addresses say little; Ravel names locks in its own findings.
    } else if (!errors_.empty() && (is_continuation(text) || start > 0)) {
      continue_error(text);
    } else {
      start_error(text);
    }
  }

  std::vector<log_error> take() {
    std::erase_if(errors_, [](const log_error& error) { return error.parts.front().frames.empty(); });
    return std::move(errors_);
  }

 private:
  void start_error(std::string_view text) {
    log_error& error = errors_.emplace_back();
    error.headline = text;
    error.parts.push_back({std::string(text), thread_in(text) != 0 ? thread_in(text) : last_thread_, {}});
    part_ = &error.parts.back();
  }
  void continue_error(std::string_view text) {
    log_error& error = errors_.back();
    if (text.starts_with("Address ") || text.starts_with("Location ")) error.remarks.emplace_back(text);
    if (text.starts_with("Block was alloc'd by thread")) {
      // Comes after the stack that it is about.
      error.parts.back().thread = thread_in(text);
      return;
    }
    error.parts.push_back({std::string(text), thread_in(text), {}});
    part_ = &error.parts.back();
  }

  std::uint32_t& last_thread_;
  std::vector<log_error> errors_;
  log_part* part_ = nullptr;
};

}  // namespace

std::uint32_t thread_in(std::string_view line) {
  for (const std::string_view word : {"thread #", "Thread #", "thread ", "Thread "}) {
    const std::size_t at = line.find(word);
    if (at == std::string_view::npos) continue;
    const std::string digits(line.substr(at + word.size(), 9));
    if (!digits.empty() && digits[0] >= '0' && digits[0] <= '9')
      return static_cast<std::uint32_t>(std::strtoul(digits.c_str(), nullptr, 10));
  }
  return 0;
}

std::vector<log_error> parse_log(std::string_view text, std::int64_t pid, std::uint32_t& last_thread) {
  const std::string prefix = "==" + std::to_string(pid) + "==";
  log_reader reader(last_thread);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (!line.starts_with(prefix)) continue;
    line.remove_prefix(prefix.size());
    if (line.starts_with(' ')) line.remove_prefix(1);
    reader.read(line);
  }
  return reader.take();
}

}  // namespace ravel::checks::valgrind
