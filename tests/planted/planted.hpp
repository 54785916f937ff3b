// SPDX-License-Identifier: MIT
// Planted pairs: <folder>/<bug>.faulty.cpp and <folder>/<bug>.clean.cpp each hold one RAVEL_PLANTED body.
// The matrix runner (matrix.cpp) runs every half over many seeds in every lane: the faulty one must show one
// of the kinds it is planted for in the lanes that claim it, the clean one nothing in any lane.
// Files need names of their own: put what is not static in an unnamed namespace.
#pragma once

#include <ravel/stress.hpp>

#include <string>
#include <vector>

namespace planted {

enum class half { faulty, clean };

struct entry {
  std::string bug;  // "ab_ba": the same for both halves
  planted::half half{};
  std::vector<ravel::finding_kind> kinds = {};  // any of them counts; empty for a clean half
  // Lanes that claim it: some of plain, thread, address, memcheck, helgrind, drd. The others may find it or not.
  // For a clean half: lanes in which it is not run (known noise of the tool), normally none.
  std::vector<std::string> lanes = {};
  ravel::stress_options options;  // rounds per seed: enough to show it nearly always (0.999) in each seed
  ravel::body body;
  ~entry();
};

bool add(entry&& one);
[[nodiscard]] std::vector<entry>& entries();

}  // namespace planted

#define RAVEL_PLANTED_JOIN2(a, b) a##b
#define RAVEL_PLANTED_JOIN(a, b) RAVEL_PLANTED_JOIN2(a, b)
// RAVEL_PLANTED({.bug = "lost_update", .half = planted::half::faulty, .kinds = {...}, .lanes = {"thread"},
//                .options = {.rounds = 20}, .body = [](ravel::trial& trial) { ... }});
#define RAVEL_PLANTED(...) \
  [[maybe_unused]] static const bool RAVEL_PLANTED_JOIN(planted_, __LINE__) = planted::add(__VA_ARGS__)
