// SPDX-License-Identifier: MIT
// Behaviours: small correct programs of all that threads do, run under control on both engines. Each must end in time,
// with the right result and without a finding. A body says what is right by require; where a finding is due, which.
#pragma once

#include <ravel/explore.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

#include <optional>
#include <string>
#include <vector>

namespace behaviour {

struct entry {
  std::string name;
  std::optional<ravel::finding_kind> due = {};  // and no other
  ravel::explore_options options;
  ravel::body body;
};

std::vector<entry>& entries();
bool add(entry entry);

}  // namespace behaviour

#define RAVEL_BEHAVIOUR_JOIN2(a, b) a##b
#define RAVEL_BEHAVIOUR_JOIN(a, b) RAVEL_BEHAVIOUR_JOIN2(a, b)
// RAVEL_BEHAVIOUR({.name = "latch", .options = {.executions = 200}, .body = [](ravel::trial& trial) { ... }});
#define RAVEL_BEHAVIOUR(...) \
  [[maybe_unused]] static const bool RAVEL_BEHAVIOUR_JOIN(behaviour_, __LINE__) = behaviour::add(__VA_ARGS__)
