// SPDX-License-Identifier: MIT
// The ledger as a check of the run: clears its tables for each batch, judges what is left after each round,
// and says at the end what was retained or could not be tracked.
// Thread safety: the harness calls it on one thread at a time. Cost: 64 loads after a round that left nothing.
#pragma once

#include <ravel/observer.hpp>

#include <memory>

namespace ravel::checks {

[[nodiscard]] std::unique_ptr<observer> make_ledger_check();

}  // namespace ravel::checks
