// SPDX-License-Identifier: MIT
// What is done when the target makes a process in a way that pthread_atfork() does not hear of: clone().
// Written before any thread. Thread safety: any thread. Cost: none until called.
#pragma once

namespace ravel::detail {

struct new_process_hooks {
  void (*in_parent)() = nullptr;
  void (*in_child)() = nullptr;  // first of all: nothing is under control there
};
inline constinit new_process_hooks fork_hooks;

}  // namespace ravel::detail
