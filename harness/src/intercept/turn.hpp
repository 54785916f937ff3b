// SPDX-License-Identifier: MIT
// What is done by one thread at a time though no lock of the target's guards it: a static's initialiser, a once, a
// stdio stream. Under control the model alone says whose turn it is; given up also when an exception passes.
// Thread safety: the thread in control. Cost: one hash probe and a point.
#pragma once

#include "control.hpp"

namespace ravel::detail {

class turn {
 public:
  static constexpr bool without_point = true;

  turn(controlled_thread& self, const event& what, bool is_without_point = false) noexcept
      : self_(self), object_(the_execution().object(what.object)) {
    if (object_.owner == &self_)
      ++object_.depth;
    else if (is_without_point && object_.is_free_for(operation::lock))
      the_execution().took(self_, what, object_);
    else
      the_execution().take(self_, what, object_);
  }
  ~turn() {
    if (is_kept_) return;
    // Whoever went native on the way, or was given up, is not in control any more.
    if (in_control() == &self_) the_execution().give_up(self_, object_);
  }
  void keep() noexcept { is_kept_ = true; }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

 private:
  controlled_thread& self_;
  sync_object& object_;
  bool is_kept_ = false;
};

}  // namespace ravel::detail
