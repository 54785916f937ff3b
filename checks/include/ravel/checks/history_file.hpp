// SPDX-License-Identifier: MIT
// Histories as files. One call a line, in any order, fields parted by blanks, a text in double quotes ("\"" and "\\"
// for a quote and a backslash in it), # to the end of a line left out:
//
//   ravel history 1                                     the first line
//   margin 40                                           optional: what ends and begins within it counts as concurrent
//   <thread> <invoked> <returned> <operation> <arguments> -> <result>
//   client#0 3 9 put 1 -> nothing
//   client#1 4 - take ->                                never returned
//   client#2 5 8 take -> "a text"                       or 7, true, false, nothing, throws "what"
//
// And the logs that Jepsen writes of etcd, one line a call's beginning or end:
//   INFO  jepsen.util - 4  :invoke  :cas  [1 4]         :ok, :fail or :info when it ended; process, what, operation,
//   value
// A :fail did not happen, an :info may have. Errors: std::invalid_argument, with file and line. Cost: O(size).
#pragma once

#include <ravel/checks/history.hpp>

#include <iosfwd>
#include <string>

namespace ravel::checks {

void write_history(std::ostream& to, const history& history);
// The name is for messages.
[[nodiscard]] history read_history(std::istream& from, const std::string& name);

// Of a register with read, write and cas; the value of what was not written yet is nothing.
[[nodiscard]] history read_etcd_log(std::istream& from, const std::string& name);

}  // namespace ravel::checks
