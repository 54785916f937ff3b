// SPDX-License-Identifier: MIT
// What there would be to say if the process that runs tests ended this moment, by SIGKILL: the test, how far it got,
// what was found. Written by that process, in memory that it shares; read by its keeper when it is gone. Two texts, so
// that one is whole at any time. Not thread safe: one writer.
#pragma once

#include <ravel/fixed_text.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::detail {

struct last_words {
  using text = fixed_text<3072>;

  std::atomic<std::uint32_t> current;  // which of the texts, from 1; 0: nothing is to be said
  text texts[2];
  fixed_text<256> output;  // what stderr is, as /proc has it: "/dev/pts/1", "pipe:[47]"

  [[nodiscard]] text& next() noexcept { return texts[current.load(std::memory_order_relaxed) == 1 ? 1 : 0]; }
  void show_next() noexcept {
    current.store(current.load(std::memory_order_relaxed) == 1 ? 2 : 1, std::memory_order_release);
  }
  void say_nothing() noexcept { current.store(0, std::memory_order_release); }
};

}  // namespace ravel::detail
