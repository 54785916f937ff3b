// SPDX-License-Identifier: MIT
// Which of the body's threads a tool means by its own thread number or by the kernel's. A name is given only where it
// is known: a pool thread that had two roles is named by both, never guessed at.
// Thread safety: remember_name on the thread itself, at its start; the rest from hooks.
#pragma once

#include <ravel/fixed_text.hpp>
#include <ravel/thread_record.hpp>

#include <cstddef>
#include <cstdint>

namespace ravel::checks::sanitizers {

// The calling thread's name; "a thread" where Ravel does not know it.
[[nodiscard]] const char* own_name() noexcept;

// The name of the thread with this kernel id, by the records of the run; nullptr when none fits.
[[nodiscard]] const char* name_of_kernel_thread(unsigned long tid) noexcept;

// Names by ASan's thread number, which ASan tells only in the record of an allocation: a thread learns its own
// by allocating a byte when it starts. Nothing without ASan. Cost: one malloc and free for each new role.
void remember_name(const thread_record& record) noexcept;
void forget_names() noexcept;

// Appends the name of ASan's thread n: "writer#1", "writer#1 or reader#0", or "thread T7".
template <std::size_t Capacity>
void add_name_of_asan_thread(fixed_text<Capacity>& text, std::uint32_t number) noexcept;

namespace detail {
struct known_names {
  fixed_text<48> first, second;
  bool has_more;
};
[[nodiscard]] const known_names* names_of_asan_thread(std::uint32_t number) noexcept;
}  // namespace detail

template <std::size_t Capacity>
void add_name_of_asan_thread(fixed_text<Capacity>& text, std::uint32_t number) noexcept {
  const detail::known_names* names = detail::names_of_asan_thread(number);
  if (names == nullptr || names->first.empty()) {
    text.add("thread T").add_number(number);
    return;
  }
  text.add(names->first.c_str());
  if (!names->second.empty()) text.add(" or ").add(names->second.c_str());
  if (names->has_more) text.add(" or another of its roles");
}

}  // namespace ravel::checks::sanitizers
