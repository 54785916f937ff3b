// SPDX-License-Identifier: MIT
// What the environment asks for: RAVEL_* variables, read and checked once per run. An unknown name or a
// malformed value throws usage_error that says what to write instead. Main thread only.
#pragma once

#include <ravel/options.hpp>
#include <ravel/token.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ravel {

struct environment {
  std::string mode;                           // RAVEL_MODE, else the one that the token is from, else stress
  std::string lane;                           // RAVEL_LANE: the CTest entry; set by ravel_add_test
  std::string build_dir;                      // RAVEL_BUILD_DIR
  std::string variant;                        // RAVEL_VARIANT
  std::string tool;                           // RAVEL_TOOL: memcheck, helgrind, drd
  std::string report_dir;                     // RAVEL_REPORT_DIR
  std::string canary_status;                  // RAVEL_CANARY_STATUS
  std::optional<std::uint64_t> rounds;        // RAVEL_ROUNDS, else RAVEL_CMAKE_ROUNDS
  std::optional<std::uint64_t> executions;    // RAVEL_EXECUTIONS, else RAVEL_CMAKE_EXECUTIONS
  std::optional<double> seconds;              // RAVEL_SECONDS, else RAVEL_CMAKE_SECONDS
  std::optional<std::uint64_t> stop_after;    // RAVEL_STOP_AFTER: findings
  std::optional<std::uint64_t> seed;          // RAVEL_SEED
  std::optional<ravel::isolation> isolation;  // RAVEL_ISOLATION
  std::optional<std::string> strategy;        // RAVEL_STRATEGY
  std::optional<engine_choice> engine;        // RAVEL_ENGINE
  std::optional<std::uint64_t> points;        // RAVEL_POINTS: of an execution
  std::optional<double> hold_up;              // RAVEL_HOLD_UP: seconds
  std::optional<bool> has_spurious_wakeups;   // RAVEL_SPURIOUS_WAKEUPS
  std::optional<bool> has_early_timeouts;     // RAVEL_EARLY_TIMEOUTS
  std::optional<bool> has_failing_tries;      // RAVEL_FAILING_TRIES
  std::optional<bool> has_scratch;            // RAVEL_SCRATCH: of whole programs
  std::optional<token> replay;                // RAVEL_REPLAY
  std::uint64_t shard = 0, shards = 1;        // RAVEL_SHARD=i/n (i from 0), TEST_SHARD_INDEX/TEST_TOTAL_SHARDS
  std::vector<std::string> uninstrumented;    // RAVEL_UNINSTRUMENTED=a,b; of targets, a=<its file>
  std::vector<std::string> trusted;           // RAVEL_TRUSTED=libtbb.so.12,... and RAVEL_CMAKE_TRUSTED
};

[[nodiscard]] environment read_environment();

}  // namespace ravel
