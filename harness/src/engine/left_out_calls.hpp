// SPDX-License-Identifier: MIT
// Calls that an execution does not make: those that the body could do without (is_next_call_left_out), named by thread
// and by how manieth of them. Made by whoever looks for the smallest execution that still shows a finding, before the
// process is forked; read by the thread in control. Plain data in shared memory; zeroed: nothing is left out.
#pragma once

#include <cstdint>

namespace ravel::detail {

struct optional_call {
  std::uint64_t thread;  // path
  std::uint32_t nth;     // 1.. of that thread in the execution

  bool operator==(const optional_call&) const = default;
};

struct left_out_calls {
  static constexpr std::uint32_t capacity = 1024;
  std::uint32_t count;
  optional_call calls[capacity];

  [[nodiscard]] bool has(std::uint64_t thread, std::uint32_t nth) const noexcept {
    for (std::uint32_t i = 0; i < count; ++i)
      if (calls[i].thread == thread && calls[i].nth == nth) return true;
    return false;
  }
};

}  // namespace ravel::detail
