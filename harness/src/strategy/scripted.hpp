// SPDX-License-Identifier: MIT
// Strategy "schedule": follows a script of switches, each named by who comes to which of its events, and otherwise lets
// the same thread go on (default_choice.hpp). Leaving a switch out leaves the meaning of the others as it is, which is
// what minimisation needs; a log of steps (replay.hpp) does not allow it. Cost: it is asked at every point.
#pragma once

#include "engine/schedule_log.hpp"
#include "engine/strategy.hpp"

namespace ravel::detail {

struct scripted_switch {
  std::uint64_t thread;  // path of who comes there
  std::uint64_t event;   // controlled_thread::events of it then; forced: then, or at its first wait after that
  std::uint64_t to;      // path of who goes on; for pick: what is picked
  decision_kind kind;    // at_point; forced: it cannot go on, or steps back; pick

  bool operator==(const scripted_switch&) const = default;
};

struct switch_script {
  static constexpr std::uint32_t capacity = 1u << 13;
  std::uint32_t count;
  scripted_switch switches[capacity];  // by thread, then event; equal ones in the order they are to happen
};

class scripted_strategy final : public strategy {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "schedule"; }
  // The script is not changed while it is followed, and must outlive the strategy.
  void follow(const switch_script& script) noexcept { script_ = &script; }
  // Whether waits end early where the script says so, although that holds somebody up for longer than allowed: a token
  // is followed as it stands; a schedule that is looked for keeps to what can happen.
  void end_any_wait(bool may) noexcept { may_end_any_wait_ = may; }
  [[nodiscard]] bool may_end_any_wait() const noexcept override { return may_end_any_wait_; }
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  void thread_created(controlled_thread& parent, controlled_thread& child) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;

 private:
  // The switch that is due when this thread has come so far, taken off its list; nullptr when there is none.
  [[nodiscard]] const scripted_switch* due(controlled_thread& self, decision_kind kind) const noexcept;
  [[nodiscard]] const scripted_switch* due_where_it_waits(controlled_thread& self) const noexcept;

  const switch_script* script_ = nullptr;
  bool may_end_any_wait_ = false;
};

}  // namespace ravel::detail
