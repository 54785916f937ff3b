// SPDX-License-Identifier: MIT
// See points.hpp.
#include "points.hpp"

namespace ravel::detail {

void access_point(controlled_thread& self, operation what, const void* address, std::uint32_t bytes,
                  std::uintptr_t pc) noexcept {
  the_execution().look(self, {what, bytes, address, pc});
}

}  // namespace ravel::detail
