// SPDX-License-Identifier: MIT
// See signal_descriptors.hpp. Plain memory of the process: a forked one starts with a copy.
#include "signal_descriptors.hpp"

#include <cstdint>

namespace ravel::detail {

namespace {

struct signal_descriptor {
  int descriptor;
  signal_bits mask;
};
constexpr std::uint32_t most_signal_descriptors = 16;
signal_descriptor signal_descriptors[most_signal_descriptors];
std::uint32_t signal_descriptor_count = 0;

}  // namespace

void note_signal_descriptor(int descriptor, signal_bits mask) noexcept {
  forget_signal_descriptor(descriptor);
  if (signal_descriptor_count == most_signal_descriptors) return;
  signal_descriptors[signal_descriptor_count++] = {descriptor, mask};
}

void forget_signal_descriptor(int descriptor) noexcept {
  for (std::uint32_t i = 0; i < signal_descriptor_count; ++i)
    if (signal_descriptors[i].descriptor == descriptor)
      signal_descriptors[i--] = signal_descriptors[--signal_descriptor_count];
}

signal_bits read_by_descriptors() noexcept {
  signal_bits all = 0;
  for (std::uint32_t i = 0; i < signal_descriptor_count; ++i) all |= signal_descriptors[i].mask;
  return all;
}

}  // namespace ravel::detail
