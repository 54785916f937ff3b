// SPDX-License-Identifier: MIT
// A program: which thread makes which calls, in order. Thread safety: values.
#pragma once

#include "program_area.hpp"

#include <ravel/checks/check_operations.hpp>

#include <memory>
#include <vector>

namespace ravel::checks::detail {

struct program_call {
  std::unique_ptr<drawn_call> call;
  const drawable* operation;
  written_call* written = nullptr;
};
using program_threads = std::vector<std::vector<program_call>>;

// Throws usage_error.
void refuse_impossible_plan(const operation_list& all, const operations_plan& plan);
[[nodiscard]] const drawable& drawn_operation(const operation_list& all, choices& from);

}  // namespace ravel::checks::detail
