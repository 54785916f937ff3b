// SPDX-License-Identifier: MIT
// Behaviours: small correct programs of all that threads do, run under control on both engines. Each must end in time,
// with the right result and without a finding. A body says what is right by require; where a finding is due, which.
#pragma once

#include <ravel/explore.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace behaviour {

struct entry {
  std::string name;
  std::optional<ravel::finding_kind> due = {};  // and no other
  ravel::explore_options options;
  ravel::body body;
  const char* (*outside)() = nullptr;  // called once outside of any run: what went wrong, or null
  ~entry();
};

bool add(entry&& one);
[[nodiscard]] std::vector<entry>& entries();

// "plain", "points", "thread" or "address".
[[nodiscard]] inline std::string_view variant() {
  const char* name = std::getenv("RAVEL_VARIANT");
  return name == nullptr ? "plain" : name;
}

}  // namespace behaviour

#define RAVEL_BEHAVIOUR_JOIN2(a, b) a##b
#define RAVEL_BEHAVIOUR_JOIN(a, b) RAVEL_BEHAVIOUR_JOIN2(a, b)
// RAVEL_BEHAVIOUR({.name = "latch", .options = {.executions = 200}, .body = [](ravel::trial& trial) { ... }});
#define RAVEL_BEHAVIOUR(...) \
  [[maybe_unused]] static const bool RAVEL_BEHAVIOUR_JOIN(behaviour_, __LINE__) = behaviour::add(__VA_ARGS__)
