// SPDX-License-Identifier: MIT
// ThreadSanitizer's reports as findings. The runtime calls __tsan_on_report after printing, on the thread that made
// the second access, under its report lock. Nothing in there allocates, locks or is instrumented: a hook that
// touched racy memory hung gcc 12. Cost: a few microseconds beside TSan's own symbolising.
#pragma once

#include <ravel/finding.hpp>

namespace ravel::checks::sanitizers {

// What each of TSan's kinds of report is called here. `words` ends the headline, or is null for a race, whose
// headline names the memory.
struct tsan_kind {
  const char* description;  // TSan's
  finding_kind kind;
  const char* words;
  const char* note;  // likely cause, or null
};
[[nodiscard]] const tsan_kind& tsan_kind_of(const char* description) noexcept;

}  // namespace ravel::checks::sanitizers
