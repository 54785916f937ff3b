// SPDX-License-Identifier: MIT
// See program_end.hpp.
#include "program_end.hpp"

#include <ravel/finding.hpp>

namespace ravel::detail {

namespace {

bool has_returned = false;

void report_status(int status, const char* how) noexcept {
  if (status == 0) return;
  raw_finding* finding = open_finding(finding_kind::exited, mix(static_cast<std::uint64_t>(status), 41));
  if (finding == nullptr) return;
  finding->check.add("program");
  finding->what.add("the program ").add(how).add(" ").add_signed(status).add("; it should end with 0");
  publish(finding);
}

}  // namespace

void program_returned(int status) noexcept {
  report_status(status, "returned");
  has_returned = true;
}

void program_called_exit(int status) noexcept {
  if (!has_returned) report_status(status, "called exit with");
}

}  // namespace ravel::detail
