// SPDX-License-Identifier: MIT
// See control.hpp.
#include "control.hpp"

namespace ravel::detail {

controlled_thread& outsider() noexcept {
  static constinit controlled_thread one{};
  return one;
}

}  // namespace ravel::detail
