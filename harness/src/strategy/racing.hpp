// SPDX-License-Identifier: MIT
// Strategy "racing": tries to bring two threads to two accesses of the same memory at once, where nothing is left that
// could order them. A thread that comes to one of the two places is held there until another comes to the other one, in
// conflict with it; when all that could go on are held, one of them is let go. Everything else is a random walk. Given
// its places as data; not to be asked for by name. Places are those of this process's image. Cost: a look at every
// point. Source: Sen 2008 (Race directed random testing of concurrent programs). Differs: they may also be the same
// place, and nobody is let go for having been held for long.
#pragma once

#include "engine/strategy.hpp"
#include "first_walk.hpp"
#include "record/meeting.hpp"

namespace ravel::detail {

class racing_strategy final : public strategy {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "racing"; }
  // attempt: walks of the same trial differ by it.
  void follow(const race_places& places, std::uint64_t attempt) noexcept;
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;
  // Executions in which two threads stood before the two accesses, so far.
  [[nodiscard]] std::uint64_t met() const noexcept { return met_; }

 private:
  static constexpr std::uint32_t most_held = 16;

  [[nodiscard]] bool is_held(const controlled_thread& thread) const noexcept;
  void arrives(controlled_thread& thread) noexcept;
  void release_one(std::uint32_t which) noexcept;

  race_places places_{};
  std::uint64_t attempt_ = 0;
  std::uint64_t random_[2] = {};
  first_walk walk_;
  bool is_over_ = false;  // they have met in this execution: all may go on
  std::uint64_t met_ = 0;
  controlled_thread* held_[most_held] = {};
  std::uint32_t held_count_ = 0;
};

}  // namespace ravel::detail
