// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM and SIGHUP to the process that runs tests: the run ends early, and its report is made, printed and
// written; then the process ends by that signal, or does what it would have done without Ravel. A second one ends it at
// once. What was ignored (nohup) still is. Main thread only.
#pragma once

#include <ravel/report.hpp>

namespace ravel::detail {

class request_to_end {
 public:
  // is_wanted: false: nothing is noted, as where the trials run in this very process, which a debugger may hold.
  explicit request_to_end(bool is_wanted) noexcept;
  ~request_to_end();
  request_to_end(const request_to_end&) = delete;
  request_to_end& operator=(const request_to_end&) = delete;

  // The signal that has come; 0: none.
  [[nodiscard]] static int came() noexcept;
  [[nodiscard]] static const char* name_of(int signal) noexcept;
  // Whether a process that was forked, and has ended by such a signal, had its part of one to all of the group.
  [[nodiscard]] static bool is_to_all(int signal) noexcept;
  // In a process that was forked: as before.
  static void leave_to_target() noexcept;
  // When one has come: prints the report, and ends this process by it.
  void end_if_came(const report& result) const;

 private:
  bool is_noting_ = false;
};

}  // namespace ravel::detail
