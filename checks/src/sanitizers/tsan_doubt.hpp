// SPDX-License-Identifier: MIT
// Whether a race that ThreadSanitizer reports may be ordered by code that it cannot see into: a frame of such a module
// in a stack (it calls the user's functions, so it may have a reason to call them one after the other), or both threads
// called into one between the accesses. Else the race is certain.
// Thread safety: in the hook of one report at a time. Cost: a look at a few ranges for each frame.
#pragma once

#include <ravel/finding.hpp>
#include <ravel/unseen.hpp>

#include <cstdint>

namespace ravel::checks::sanitizers {

struct race_doubt {
  doubt_kind kind = doubt_kind::none;
  std::uint32_t modules = 0;  // a bit for each
};

// The modules that have a frame in this stack, which ends with a null pointer or at its size.
[[nodiscard]] inline std::uint32_t unseen_in_stack(void* const* stack, std::uint32_t size) noexcept {
  std::uint32_t modules = 0;
  for (std::uint32_t i = 0; i < size && stack[i] != nullptr; ++i)
    if (const int module = unseen_module_at(reinterpret_cast<std::uintptr_t>(stack[i])); module >= 0)
      modules |= 1u << module;
  return modules;
}

[[nodiscard]] inline race_doubt doubt_by_calls(const earlier_access& earlier, bool now_writes) noexcept {
  const std::uint32_t modules = unseen_between(earlier, now_writes);
  return modules == 0 ? race_doubt{} : race_doubt{doubt_kind::calls, modules};
}

template <class Text>
void add_names(Text& text, std::uint32_t modules) noexcept {
  for (int module = 0; module < most_unseen_modules; ++module)
    if ((modules >> module & 1) != 0) text.add(text.empty() ? "" : ",").add(unseen_module_name(module));
}

}  // namespace ravel::checks::sanitizers
