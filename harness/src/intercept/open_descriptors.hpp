// SPDX-License-Identifier: MIT
// What descriptors of this process stand for: duplicates, and those that came by a socket, stand for the same thing.
// Read from /proc. Thread safety: any thread. Cost: some microseconds; no allocation, no interception.
#pragma once

#include <cstdint>

namespace ravel::detail {

inline constexpr std::uint64_t no_event = ~std::uint64_t{0};

// Which eventfd; no_event: it is something else, or /proc does not tell.
[[nodiscard]] std::uint64_t event_of(int descriptor) noexcept;
// Another descriptor of the same; -1: there is none.
[[nodiscard]] int descriptor_of_event(std::uint64_t event, int but_not) noexcept;
// A pipe whose other end is in other processes only: what comes from it does not depend on who runs here.
[[nodiscard]] bool is_written_elsewhere(int descriptor) noexcept;

}  // namespace ravel::detail
