// SPDX-License-Identifier: MIT
// Locks of a finding by what the source calls them: two of one class are told apart. Parent only.
#pragma once

#include "object_names.hpp"
#include "source_places.hpp"
#include "trace.hpp"

#include <ravel/finding.hpp>

#include <string>
#include <vector>

namespace ravel::detail {

// A lock that a thread took, or wanted, at a line.
struct named_lock {
  std::string thread, name;
  frame place;
};

[[nodiscard]] std::vector<named_lock> named_locks(const std::vector<const traced_event*>& events, const trace& trace,
                                                  const source_places& places, const object_names& names);

// "holds the mutex locked at bank.cpp:7" -> "holds the mutex savings.guard_".
void name_locks(finding& finding, const std::vector<named_lock>& locks);

}  // namespace ravel::detail
