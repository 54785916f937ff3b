// SPDX-License-Identifier: MIT
// See ravel/operation_in_flight.hpp. In stress there is nothing to count: nothing is judged while threads run.
#include <ravel/operation_in_flight.hpp>

#include "execution.hpp"

namespace ravel {

using detail::the_execution;

// relaxed: a thread's own; the parent reads whether they change
operation_in_flight::operation_in_flight(const char* name) noexcept
    : execution_(detail::in_control() == nullptr ? 0 : the_execution().operation_begins(name)), record_(this_thread()) {
  if (record_ == nullptr) return;
  if (record_->operation.load(std::memory_order_relaxed) != nullptr) {
    record_ = nullptr;
    return;
  }
  record_->operations.store(record_->operations.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  record_->operation.store(name, std::memory_order_relaxed);
}

operation_in_flight::~operation_in_flight() {
  if (record_ != nullptr) record_->operation.store(nullptr, std::memory_order_relaxed);
  if (execution_ != 0) the_execution().operation_ends(execution_);
}

}  // namespace ravel
