// SPDX-License-Identifier: MIT
// Who hears of what happens in an execution, beside the strategy: logs and profiles, and what looks at the target's
// state. Called by the thread in control. Same rules as a strategy, but for what at_point() runs apart.
#pragma once

#include "strategy.hpp"

#include <cstdint>

namespace ravel::detail {

// Hears of every event, in the order they happen; for logs and profiles.
class event_listener {
 public:
  virtual ~event_listener() = default;
  // In the process that runs the execution.
  virtual void begins() noexcept {}
  virtual void ends() noexcept {}
  virtual void about_to(const controlled_thread& thread, std::uint64_t step) noexcept = 0;  // thread.pending
  virtual void switched(const controlled_thread& from, const controlled_thread& to, std::uint64_t step) noexcept = 0;
  virtual void picked(std::uint32_t which, std::uint32_t of, std::uint64_t step) noexcept = 0;
  // The strategy was asked. Called before switched(), and also where the thread that came here has ended.
  virtual void chose(const choice& /*at*/, const controlled_thread& /*next*/) noexcept {}
  // What is claimed of an operation's progress was just seen not to hold.
  virtual void claim_broken() noexcept {}
  // A call that the body could do without comes next.
  virtual void optional_call(const controlled_thread& /*thread*/, bool /*is_free*/) noexcept {}
};

// Looks at the target's state at each point, before anybody is chosen, and where the last operation in flight ends.
class point_watcher {
 public:
  // self.pending comes next. The step before it was self's, too, from `last` on: only one thread runs.
  virtual void at_point(controlled_thread& self, const event& last) noexcept = 0;
  virtual void operations_ended(controlled_thread& self) noexcept = 0;

 protected:
  ~point_watcher() = default;
};

}  // namespace ravel::detail
