// SPDX-License-Identifier: MIT
// Where each thread threw last: see throw_site.cpp. Each thread for itself.
#pragma once

#include <ravel/raw_stack.hpp>

namespace ravel::detail {

// Where the calling thread threw its latest exception inside a batch; false when it is not known.
[[nodiscard]] bool last_throw(raw_stack& stack) noexcept;

}  // namespace ravel::detail
