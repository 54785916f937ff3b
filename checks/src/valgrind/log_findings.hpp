// SPDX-License-Identifier: MIT
// Valgrind's errors as findings: what each tool's headline means, who took part, which errors are about Ravel itself
// or about std::atomic and so are no errors. Thread safety: one thread at a time. Allocates.
#pragma once

#include "log_text.hpp"

#include <ravel/finding.hpp>

#include <string>

namespace ravel::checks::valgrind {

enum class noise : std::uint8_t { none, ravels_own, atomic, idiom, told_elsewhere };

// Helgrind and DRD see neither std::atomic nor futexes. An error whose both sides are inside those parts of the
// C++ library, or inside Ravel, is none of the program's.
[[nodiscard]] noise noise_of(const log_error& error);

[[nodiscard]] finding_kind kind_of(const log_error& error);
[[nodiscard]] std::uint64_t signature_of(const log_error& error);

// Fills in a finding made for the error. tool: "memcheck", "helgrind", "drd".
void describe(raw_finding& finding, const log_error& error, const std::string& tool);

}  // namespace ravel::checks::valgrind
