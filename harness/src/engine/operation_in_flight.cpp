// SPDX-License-Identifier: MIT
// See ravel/operation_in_flight.hpp. In stress there is nothing to count: nothing is judged while threads run.
#include <ravel/operation_in_flight.hpp>

#include "execution.hpp"

namespace ravel {

using detail::the_execution;

operation_in_flight::operation_in_flight(const char* name) noexcept
    : execution_(detail::in_control() == nullptr ? 0 : the_execution().operation_begins(name)) {}

operation_in_flight::~operation_in_flight() {
  if (execution_ != 0) the_execution().operation_ends(execution_);
}

}  // namespace ravel
