// SPDX-License-Identifier: MIT
// The checks' bridge to Valgrind: client requests, which do nothing outside it.
// Thread safety: any thread. Cost: some instructions outside Valgrind; a leak check under it scans all memory.
#pragma once

#include <cstdint>

namespace ravel::checks::valgrind {

// False where Ravel was built without Valgrind's headers: then nothing of this works.
[[nodiscard]] bool is_built_in() noexcept;

// Errors of this process so far, suppressed ones left out.
[[nodiscard]] std::uint64_t error_count() noexcept;

// Memcheck: tells of what leaked since the last check; returns the bytes lost so far, definitely or with those.
std::uint64_t check_added_leaks();

// DRD's number of the calling thread; 0 under other tools.
[[nodiscard]] std::uint32_t own_drd_number() noexcept;

}  // namespace ravel::checks::valgrind
