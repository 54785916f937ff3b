// SPDX-License-Identifier: MIT
// Outside programs that answer questions: to their end, with a text as the input, or in a conversation.
// Parent only, single-threaded.
#pragma once

#include <string>
#include <vector>

namespace ravel::detail {

struct process_result {
  bool is_done = false;  // it ended by itself, with exit code 0, within the limit
  std::string output;
};

// Both ends are memory files, so neither side can block on a full pipe.
[[nodiscard]] process_result run_process(const std::vector<std::string>& command, const std::string& input,
                                         double seconds_at_most);

// A program that reads lines and ends each of its answers with an empty one. It is ended with this object, and is
// nobody else's: processes that are forked meanwhile have no part in it.
class conversation {
 public:
  explicit conversation(const std::vector<std::string>& command);
  ~conversation();
  conversation(const conversation&) = delete;
  conversation& operator=(const conversation&) = delete;

  // Not after a failure, and not in a process that was forked meanwhile.
  [[nodiscard]] bool is_open() const noexcept;
  // is_done: so many answers have come within the limit. After a failure there are none any more.
  [[nodiscard]] process_result ask(const std::string& input, std::size_t answers, double seconds_at_most);

 private:
  void end();
};

// Whether a conversation of this process is with it.
[[nodiscard]] bool is_conversation_partner(int process) noexcept;

// The first of the names that is an executable file in PATH; empty when there is none.
[[nodiscard]] std::string find_program(const std::vector<std::string>& names);

}  // namespace ravel::detail
