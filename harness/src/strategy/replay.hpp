// SPDX-License-Identifier: MIT
// Strategy "replay": repeats the logged decisions of an execution of this very binary, by count of points. Where the
// log has nothing to say, the thread goes on; when it cannot, the ready thread that was created first does.
// A decision that cannot be carried out (its thread is not ready) is counted: the execution differs from the logged
// one. Cost: nothing between decisions.
#pragma once

#include "engine/schedule_log.hpp"
#include "engine/strategy.hpp"

namespace ravel::detail {

class replay_strategy final : public strategy {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "replay"; }
  // The log is not changed and must outlive the strategy.
  void follow(const schedule_log& log) noexcept { log_ = &log; }
  [[nodiscard]] bool repeats() const noexcept override { return true; }
  [[nodiscard]] bool lets_time_pass(std::uint64_t step) noexcept override;
  [[nodiscard]] bool may_end_any_wait() const noexcept override { return true; }
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;
  // Decisions that could not be carried out as logged.
  [[nodiscard]] std::uint32_t misses() const noexcept { return misses_; }

 private:
  [[nodiscard]] std::uint64_t until_next(std::uint64_t step) const noexcept;
  [[nodiscard]] bool is_due(const choice& at) const noexcept;  // the next decision of the log belongs here

  const schedule_log* log_ = nullptr;
  std::uint32_t next_ = 0;
  std::uint32_t misses_ = 0;
};

}  // namespace ravel::detail
