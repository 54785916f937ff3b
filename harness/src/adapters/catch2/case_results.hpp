// SPDX-License-Identifier: MIT
// What the test cases of this program came to, and which of them exist: shared by the adapter's files.
// Main thread only.
#pragma once

#include <ravel/report.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ravel::detail {

struct case_results {
  std::vector<std::string> names;        // of all RAVEL_TEST_CASEs
  std::vector<std::string> other_names;  // of stress() calls that RAVEL_REPLAY passed over
  std::uint64_t clean = 0;               // cases, also those that may be undecided
  std::uint64_t faulty = 0;
  std::uint64_t undecided = 0;
  std::uint64_t broken = 0;
  std::uint64_t skipped = 0;  // with a reason
  std::uint64_t passed_over = 0;
  std::uint64_t misused = 0;        // usage_error
  std::uint64_t failures_told = 0;  // failed assertions that stand for the above
  std::uint64_t runs = 0;           // reports of any kind that were not passed over
};

[[nodiscard]] case_results& results();

// What Catch2 counted in the whole program.
struct catch2_totals {
  bool is_complete = false;  // Catch2 came to the end of its run
  std::uint64_t cases = 0;
  std::uint64_t passed_cases = 0;
  std::uint64_t skipped_cases = 0;
  std::uint64_t failed_assertions = 0;
};

// The exit code, and in `reason` what to say of it on standard error (may be empty).
[[nodiscard]] int conclude(const case_results& own, const catch2_totals& counted, const std::string& replayed_token,
                           std::string& reason);

// See result_capture.cpp.
void link_result_capture();

// The name as an argument that selects this test case only.
[[nodiscard]] std::string test_spec_for(const std::string& name);

}  // namespace ravel::detail
