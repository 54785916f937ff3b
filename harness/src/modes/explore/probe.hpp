// SPDX-License-Identifier: MIT
// Runs one execution again, in a world of its own: a forked process with fresh shared memory and fresh checks, which
// forks and supervises the execution like any other and is thrown away. Nothing that it finds reaches the report.
// Parent only, after the run's executions. Ends within its time limit plus the limit of one execution.
// Cost: two forks, about 1 ms (plain) to 10 ms (TSan) beside the execution itself; if it is not brief, what the checks
// do at the end, too: the lock-order check starts a symboliser, some 100 ms.
#pragma once

#include "exploration.hpp"

#include <ravel/finding.hpp>

#include <cstdint>
#include <vector>

namespace ravel::detail {

class supervised_run;

// A finding of a probe, by what tells it from others in one image of the program.
struct sighting {
  finding_kind kind;
  std::uint64_t signature;  // of its slot in the finding table
  std::uint64_t likeness;   // of what it says: who, did what, where
  std::uint32_t pc_count;
  std::uintptr_t pcs[raw_finding::max_actors * raw_stack::max_depth];  // of all stacks
};

// True for findings that are made, or named, when all executions are over: a brief probe does not see those.
[[nodiscard]] bool is_made_at_the_end(finding_kind kind) noexcept;

struct probe_plan {
  strategy* chosen = nullptr;          // in the arena
  std::uint64_t trial = 1;             // the one that counts
  std::uint64_t first = 0;             // 0: it alone; else these come before it in the same process,
  std::uint64_t learned_from = 0;      // 0, or these before that in another one: for what the strategy learns
  event_listener* listener = nullptr;  // in the arena
  kept_schedule* schedule = nullptr;   // in the arena: gets the decisions of the execution
  bool is_brief = false;        // findings that checks make of an execution that has ended are left out, and their cost
  bool looks_for_leaks = true;  // which takes LeakSanitizer some 50 ms
  std::uint64_t points = 0;     // the budget of an execution, 0: that of the run
  double seconds = 5;
  bool has_shifted_heap = false;  // heap memory gets other addresses than without

  // What only findings of other kinds need is left out.
  void want_only(finding_kind kind) noexcept {
    is_brief = !is_made_at_the_end(kind);
    looks_for_leaks = kind == finding_kind::leak;
  }
};

struct probe_outcome {
  bool is_complete = false;  // the execution ran, whatever came of it
  std::vector<sighting> findings;
};

class prober {
 public:
  // Both must outlive it.
  prober(supervised_run& run, exploration& explore);

  [[nodiscard]] probe_outcome operator()(const probe_plan& plan);
  // True when the probe saw the finding: by signature, by what it says, or in the same lines of the user's (how a
  // thread came to wait shows in Ravel's own frames only, and they are in the signature, too).
  [[nodiscard]] bool is_among(const finding& wanted, const probe_outcome& outcome) const;

 private:
  struct result;
  void perform(const probe_plan& plan) noexcept;

  supervised_run& run_;
  exploration& explore_;
  result* result_;
};

}  // namespace ravel::detail
