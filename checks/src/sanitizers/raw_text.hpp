// SPDX-License-Identifier: MIT
// The text that a sanitizer prints, caught in a file in memory: findings carry what it says, so it need not drown the
// output. It is kept as <lane>.sanitizer.txt where RAVEL_REPORT_DIR is set, and goes where the user's log_path says.
// Thread safety: one process of the run at a time; inside a report, the sanitizer's own lock. Nothing allocates
// except in read().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ravel::checks::sanitizers {

class raw_text {
 public:
  raw_text() noexcept;  // in the parent: the children inherit the file
  ~raw_text();
  raw_text(const raw_text&) = delete;
  raw_text& operator=(const raw_text&) = delete;

  // From here on this process's sanitizers print into the file; a process that it forks prints to stderr again.
  void divert() noexcept;
  void restore() noexcept;
  // In a hook: once more, if this process's text is diverted. gcc's libubsan starts up at its first report, and
  // then closes the file that libasan was given and sends libasan's text to stderr.
  static void divert_again() noexcept;

  [[nodiscard]] bool is_usable() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] std::uint64_t size() const noexcept;
  // Reads at most `bytes` from `from` without allocating; returns how many. For hooks.
  [[nodiscard]] std::size_t copy(std::uint64_t from, char* to, std::size_t bytes) const noexcept;
  [[nodiscard]] std::string read(std::uint64_t from) const;

 private:
  void hand_out() noexcept;

  int descriptor_ = -1;
  int given_ = -1;  // a duplicate, theirs to close
};

// Of the run in flight, or nullptr.
[[nodiscard]] raw_text* current_raw_text() noexcept;

// Appends text to where it is wanted: the report directory, the user's log_path. Parent only.
void keep_text(const std::string& text);

// Of the text, what no hook can have told of: a runtime's own failure, a report that is not one of `heard`.
struct untold_text {
  std::string headline;  // empty: nothing
};
[[nodiscard]] untold_text find_untold(const std::string& text, std::uint64_t heard, std::uint64_t leak_reports);

}  // namespace ravel::checks::sanitizers
