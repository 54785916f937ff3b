// SPDX-License-Identifier: MIT
// Programs from the bytes of a fuzz input. A call is a byte for its thread, one for its operation, and the bytes that
// its arguments take; a call beyond what a thread may make, or that is not allowed, is left out. Every string of bytes
// is a program. Thread safety: none is shared. Cost: O(bytes), an allocation a call.
#pragma once

#include "program.hpp"

#include <ravel/fuzz_input.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ravel::checks::detail {

// In each thread at most plan.calls; as many threads as the input says.
[[nodiscard]] program_threads program_of(const operation_list& all, const operations_plan& plan,
                                         const fuzz_input& input);
[[nodiscard]] unsigned threads_of(const fuzz_input& input, unsigned most) noexcept;

// Where the calls of an input are in its bytes.
struct call_place {
  std::size_t begin, end;  // of its bytes
  unsigned thread;         // as written: to be taken modulo the number of threads
  const drawable* operation;
};
[[nodiscard]] std::vector<call_place> calls_in(const operation_list& all, input_bytes calls);

// Appends a call of this thread to the bytes: operation and arguments are drawn.
void append_drawn_call(const operation_list& all, unsigned thread, choices& from, std::vector<std::uint8_t>& calls);
// Each thread makes up to `calls` calls, with a few switches.
void draw_input(const operation_list& all, unsigned threads, unsigned calls, choices& from, fuzz_input& into);
[[nodiscard]] input_switch drawn_switch(unsigned threads, unsigned calls, choices& from);

}  // namespace ravel::checks::detail
