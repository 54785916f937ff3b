// SPDX-License-Identifier: MIT
// What reports call a lock: its annotated name, else its symbol ("registry_lock", "cache+0x28"), else the place
// where it was first locked. In the parent, one thread. Cost: a symbol table read, a symboliser process.
#pragma once

#include "lock_memory.hpp"

#include <ravel/symbols.hpp>

#include <map>
#include <string>
#include <vector>

namespace ravel::checks {

// Source frames of many stacks, looked up together: want() all, then ask.
class stack_frames {
 public:
  void want(const raw_stack& stack);
  // Innermost first, inlined ones included.
  [[nodiscard]] std::vector<frame> of(const raw_stack& stack);
  [[nodiscard]] std::vector<frame> at(std::uintptr_t pc);

 private:
  void look_up();
  std::map<std::uintptr_t, std::vector<frame>> known_;
  std::vector<std::uintptr_t> wanted_;
};

// "session_cache.cpp:41 store()"; empty when no user's line is known.
[[nodiscard]] std::string place_text(const std::vector<frame>& stack);

[[nodiscard]] std::string lock_name(const lock_instance& lock, const raw_stack& first_locked, stack_frames& frames);
// For a lock of which only the address and one acquisition are known.
[[nodiscard]] std::string lock_name(const void* lock, lock_kind kind, const char* class_name, const raw_stack* acquired,
                                    stack_frames& frames);

}  // namespace ravel::checks
