// SPDX-License-Identifier: MIT
// From shared records to a report in words: symbolise, mark user frames, apply suppressions, add rerun lines.
// Parent only, single-threaded. Cost: one symboliser process a run with findings.
#pragma once

#include "finding_table.hpp"

#include <ravel/environment.hpp>
#include <ravel/report.hpp>
#include <ravel/stress.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ravel::detail {

// A module (executable or shared library) that some process of the run had loaded.
struct module_entry {
  std::uintptr_t begin, end;  // executable mapping
  std::uintptr_t bias;        // pc - bias is the address in the file
  char path[256];
};
struct module_table {
  static constexpr std::uint32_t capacity = 256;
  std::atomic<std::uint32_t> count;
  module_entry entries[capacity];
};
// Adds the modules of the calling process that are not there yet. Not from hooks or signal handlers.
void note_modules(module_table& modules) noexcept;

// Why some frames of the latest symbolize() have no source line; empty when all is well.
[[nodiscard]] std::string symbolizer_problem();

// Symbolises a batch of return addresses: result[i] holds the frames at pcs[i], inlined ones first.
[[nodiscard]] std::vector<std::vector<frame>> symbolize(const std::vector<std::uintptr_t>& pcs,
                                                        const module_table& modules);

struct exploration;
struct report_context {
  const environment* asked;
  std::vector<suppression> suppressions;
  std::uint64_t seed;
  std::uint64_t trials_run;
  const exploration* explore = nullptr;
};
// Fills report.findings from the table (failing ones first), and notes on unused suppressions.
void add_findings(report& report, const finding_table& table, const module_table& modules,
                  const report_context& context);

// The author's mistakes that can be seen before a thread starts: a suppression without a reason or with a
// malformed date, RAVEL_REPORT_DIR without the JSON writer. Throws usage_error.
void check_before_run(const environment& asked, const std::vector<suppression>& suppressions);

// The command that shows a finding again, for a POSIX shell in any directory.
[[nodiscard]] std::string rerun_command(const environment& asked, const std::string& token);

// Hands the finished report to the sinks. One that throws (results could not be written) makes it broken.
void finish_report(report& report);

// Shared libraries of this process that a sanitizer of the given variant ("thread", "address") cannot see
// into, well-known system libraries left out. Empty for plain.
[[nodiscard]] std::vector<std::string> uninstrumented_modules(const std::string& variant);

}  // namespace ravel::detail
