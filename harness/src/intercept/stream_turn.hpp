// SPDX-License-Identifier: MIT
// Whose turn it is at a stdio stream under control. libc's own lock of a stream lies inside libc, and a thread that
// waited for it there would block all others; so the model alone keeps the others out, also between flockfile and
// funlockfile, which do not take the real lock. Each use of a stream is a point, and one step.
// Thread safety: the thread in control. Cost while no execution is in flight: a branch.
#pragma once

#include "descriptor_wait.hpp"
#include "turn.hpp"

#include <poll.h>
#include <stdio.h>

#include <optional>

namespace ravel::detail {

// Whether the next item is in the stream's buffer already. A wide stream converts all that it reads at once, into a
// buffer whose two pointers come first in a struct that the headers do not show; its place is part of glibc's ABI.
inline bool has_unread(const FILE& stream) noexcept {
  if (stream._mode <= 0 || stream._wide_data == nullptr) return stream._IO_read_ptr < stream._IO_read_end;
  const auto* ends = reinterpret_cast<const wchar_t* const*>(stream._wide_data);
  return ends[0] < ends[1];
}

class stream_turn {
 public:
  stream_turn(FILE* stream, std::uintptr_t pc) noexcept {
    controlled_thread* self = in_control();
    if (self != nullptr && stream != nullptr) turn_.emplace(*self, event_on(operation::lock, stream, pc));
  }
  // The same for a call that reads: waits until there is something to read, unless the stream has some already.
  static stream_turn to_read(FILE* stream, std::uintptr_t pc) noexcept { return {stream, pc, true}; }

 private:
  stream_turn(FILE* stream, std::uintptr_t pc, bool) noexcept : stream_turn(stream, pc) {
    controlled_thread* self = in_control();
    if (self == nullptr || stream == nullptr || has_unread(*stream)) return;
    if (const int descriptor = fileno(stream); descriptor >= 0) await_ready(*self, descriptor, POLLIN, pc);
  }

  std::optional<turn> turn_;
};

}  // namespace ravel::detail
