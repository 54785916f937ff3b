// SPDX-License-Identifier: MIT
// The last words of a run; see record/last_words.hpp. Kept up to date while a run works, by the outermost of runs
// within runs; taken back when it has its report. Not thread safe: the parent's thread. Cost: some microseconds when
// something is new.
#pragma once

#include "run.hpp"

#include <cstdint>

namespace ravel::detail {

class said_last {
 public:
  explicit said_last(run& run) noexcept;
  ~said_last();
  void update(std::uint64_t wanted) noexcept;
  said_last(const said_last&) = delete;
  said_last& operator=(const said_last&) = delete;

 private:
  run& run_;
  bool is_outermost_;
  std::uint64_t trials_ = 0, findings_ = 0;
};

// By the keeper, when that process is gone and those that it made are still there: prints them where it did.
void say_last_words() noexcept;
// Where this process prints.
void note_output() noexcept;

}  // namespace ravel::detail
