// SPDX-License-Identifier: MIT
// Planted pairs for explore mode: <bug>.faulty.cpp and <bug>.clean.cpp each hold one RAVEL_EXPLORED body. The matrix
// runner (matrix.cpp) explores every half over seeds in every lane: the faulty one must show one of the kinds it is
// planted for within its executions, the clean one nothing at all.
#pragma once

#include <ravel/explore.hpp>

#include <optional>
#include <string>
#include <vector>

namespace explored {

enum class half { faulty, clean };

struct entry {
  std::string bug;  // "ab_ba": the same for both halves
  explored::half half{};
  std::vector<ravel::finding_kind> kinds = {};  // any of them counts; empty for a clean half
  bool is_found_in_plain = false;               // faulty: points at synchronisation alone are enough
  std::optional<bool> is_confirmed = {};        // faulty: a lock order that schedules directed there show as a deadlock
  std::vector<std::string> not_run_in = {};     // variants in which this half is left out; its file says why
  // Memory is freed and allocated again within a trial: which objects lie at one address depends on the heap before.
  bool reuses_memory = false;
  double mean_executions = 0;  // until it is found, over 20 seeds and more, at most; 0: no limit but options.executions
  ravel::explore_options options = {};
  ravel::body body = {};
  ~entry();
};

bool add(entry&& one);
[[nodiscard]] std::vector<entry>& entries();

}  // namespace explored

#define RAVEL_EXPLORED_JOIN2(a, b) a##b
#define RAVEL_EXPLORED_JOIN(a, b) RAVEL_EXPLORED_JOIN2(a, b)
// RAVEL_EXPLORED({.bug = "lost_update", .half = explored::half::faulty, .kinds = {...}, .body = body});
#define RAVEL_EXPLORED(...) \
  [[maybe_unused]] static const bool RAVEL_EXPLORED_JOIN(explored_, __LINE__) = explored::add(__VA_ARGS__)
