// SPDX-License-Identifier: MIT
// Inputs one by one in this very process, for libFuzzer and the like: no fork, threads made at the first input and used
// again, a fresh object for each. What is found is printed to standard error, and the process aborts, so that whoever
// runs it saves the input. Main thread, one in a process. Cost of an input: that of an execution.
#pragma once

#include <ravel/fuzz_target.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ravel::detail {

class event_listener;

class fuzz_session {
 public:
  struct state;
  // Throws usage_error.
  explicit fuzz_session(const fuzz_target& target);
  ~fuzz_session();
  fuzz_session(const fuzz_session&) = delete;
  fuzz_session& operator=(const fuzz_session&) = delete;

  // The same bytes, the same execution. Throws usage_error when the body did; aborts when something is found.
  void run(input_bytes bytes);
  // Hears of every event of the inputs from now on; null: nobody does.
  void listen(event_listener* listener) noexcept;
  // Of the latest input: hashes of where threads were interrupted, and by whom where; the same in every process.
  [[nodiscard]] std::span<const std::uint32_t> interruptions() const noexcept;

 private:
  std::unique_ptr<state> state_;
};

}  // namespace ravel::detail
