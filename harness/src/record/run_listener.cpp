// SPDX-License-Identifier: MIT
// See run_listener.hpp.
#include "run_listener.hpp"

namespace ravel::detail {

run_listener* listening_run = nullptr;

}  // namespace ravel::detail
