// SPDX-License-Identifier: MIT
// Which attempts a batch makes, and which trials they are. Plain data.
#pragma once

#include <cstdint>

namespace ravel::detail {

struct batch_plan {
  std::uint64_t wanted = 1;  // attempts in all batches
  std::uint64_t first_attempt = 1;
  std::uint64_t last_attempt = 1;
  std::uint64_t shard = 0, shards = 1;
  // In a replay.
  std::uint64_t replayed_trial = 0;  // 0: none
  std::uint64_t first_replayed = 0;  // the trials from here to replayed_trial are run,
  std::uint64_t prepared = 0;        // so many of them in processes of their own: they only prepare the ground
  std::uint64_t first_counted = 0;   // findings of trials before this one are left out
};

}  // namespace ravel::detail
