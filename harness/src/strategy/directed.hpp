// SPDX-License-Identifier: MIT
// Strategy "directed": tries to bring a chain of lock requests about: each thread of it holds a lock and wants the one
// that the next holds. Every thread that comes to its last request with the lock of its link in hand is held there
// until all the others are at theirs; then they go on, and when each wants what the next one has nobody can. Everything
// else is a random walk, so that trials differ; or, calm, no switch but those that this takes. A thread that comes by a
// link whose place is taken goes on. Given its chain as data; not to be asked for by name. Places in the code are those
// of this process's image. Cost: a look at every point, and at the stack where the innermost place is that of a link.
#pragma once

#include "engine/strategy.hpp"
#include "first_walk.hpp"

namespace ravel::detail {

// Return addresses, innermost first: a lock called through a function of the target's is told by who calls that.
struct lock_place {
  static constexpr std::uint32_t most_frames = 8;
  std::uint32_t depth;
  std::uintptr_t pc[most_frames];
};

struct lock_link {
  std::uint64_t thread;  // creation path; 0: any
  lock_place held;       // where it took the lock that it holds
  lock_place wanted;     // where it wants the next
};

struct lock_chain {
  static constexpr std::uint32_t longest = 4;
  std::uint32_t length;
  lock_link links[longest];
};

class directed_strategy final : public strategy {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "directed"; }
  // attempt: walks of the same trial differ by it. frames: how many of a place have to match.
  void follow(const lock_chain& chain, std::uint64_t attempt = 0, bool is_calm = false,
              std::uint32_t frames = lock_place::most_frames) noexcept;
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  void thread_created(controlled_thread& parent, controlled_thread& child) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;
  void ended(ending how, std::uint64_t points) noexcept override;
  // Executions that were stuck with each thread of the chain at its last request, or after.
  [[nodiscard]] std::uint64_t confirmed() const noexcept { return confirmed_; }

 private:
  [[nodiscard]] bool fits(const controlled_thread& thread, std::uint32_t link) const noexcept;
  [[nodiscard]] bool is_held(const controlled_thread& thread) const noexcept;
  void arrives(controlled_thread& thread) noexcept;
  void passes(controlled_thread& thread) noexcept;
  void release_one() noexcept;
  [[nodiscard]] bool is_closed() const noexcept;

  [[nodiscard]] controlled_thread* walk(const choice& at) noexcept;

  lock_chain chain_{};
  std::uint64_t attempt_ = 0;
  bool is_calm_ = false;
  std::uint64_t random_[2] = {};
  first_walk walk_;
  bool is_complete_ = false;  // all are there, and in each other's way: they may go on
  std::uint64_t confirmed_ = 0;
  controlled_thread* waiting_[lock_chain::longest] = {};  // by link
};

}  // namespace ravel::detail
