// SPDX-License-Identifier: MIT
// What an execution was, event by event, as one number: who did what where, who went on, what was picked; no addresses
// of objects, which differ. Equal executions have equal ones. Thread safety: the thread in control. Cost: it is told of
// every point.
#pragma once

#include "engine/event_listener.hpp"

#include <cstdint>

namespace ravel::detail {

class event_hash final : public event_listener {
 public:
  void about_to(const controlled_thread& thread, std::uint64_t step) noexcept override;
  void switched(const controlled_thread& from, const controlled_thread& to, std::uint64_t step) noexcept override;
  void picked(std::uint32_t which, std::uint32_t of, std::uint64_t step) noexcept override;

  std::uint64_t hash = 0, events = 0, switches = 0;
};

}  // namespace ravel::detail
