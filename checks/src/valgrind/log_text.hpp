// SPDX-License-Identifier: MIT
// Valgrind's log, read as errors: a headline, parts with stacks, remarks about the address. Lines of other processes
// (each begins with ==pid==) are left out. Of Memcheck, Helgrind and DRD 3.19 and later.
// Thread safety: none needed. Allocates. Cost: O(text).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ravel::checks::valgrind {

struct log_frame {
  std::uintptr_t pc = 0;  // a return address, also for the faulting instruction: one was added
  std::string function;   // an inlined function is a frame of its own with the same pc
  std::string file;       // "cache.cpp", or empty
  std::string line;
};

struct log_part {
  std::string heading;
  std::uint32_t thread = 0;  // Valgrind's number; 0: not told
  std::vector<log_frame> frames;
};

struct log_error {
  std::string headline;
  std::vector<log_part> parts;       // the first is the error's own
  std::vector<std::string> remarks;  // "Address 0x1aa764 is 0 bytes inside data symbol \"x\""
};

// last_thread: in and out: Memcheck and DRD name the thread only when it is another than the last time.
[[nodiscard]] std::vector<log_error> parse_log(std::string_view text, std::int64_t pid, std::uint32_t& last_thread);

// "... by thread #3" and the like; 0 when none is named.
[[nodiscard]] std::uint32_t thread_in(std::string_view line);

[[nodiscard]] inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace ravel::checks::valgrind
