// SPDX-License-Identifier: MIT
// Code that ThreadSanitizer cannot see into: modules without its instrumentation, and who called into them. What such a
// module orders looks unordered. Known are calls that go through the loader's tables; not those through pointers that a
// library gave away (virtual functions, dlsym), nor those into a static archive.
// Thread safety: any thread; for a sanitizer's hooks: no lock, no allocation. Cost: a look at a few dozen ranges.
#pragma once

#include <cstdint>

namespace ravel {

inline constexpr int most_unseen_modules = 32;

// Which of them holds this return address; -1: none.
[[nodiscard]] int unseen_module_at(std::uintptr_t pc) noexcept;
// Its file's name: "libtbb.so.12".
[[nodiscard]] const char* unseen_module_name(int module) noexcept;

// What another thread did, some time ago.
struct earlier_access {
  unsigned long kernel_id;  // the thread's
  const void* address;
};
// The modules, a bit for each, through which an order from that access to what the calling thread does now may lead:
// the other thread has called them after its access, and this one has called them, too. Where the access itself was not
// noted (those of a memcpy are not), since the trial began.
[[nodiscard]] std::uint32_t unseen_between(const earlier_access& earlier, bool now_writes) noexcept;

}  // namespace ravel
