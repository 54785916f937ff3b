// SPDX-License-Identifier: MIT
// What interception keeps of a thread that the target created: one entry for each slot of the thread table,
// private to the process. A record is given back when its thread is over, nobody can join it any more, and
// the creating call has returned; whoever makes the last of the three true gives it back.
// Thread safety: written by the creator before the thread starts, then atomics only.
#pragma once

#include <ravel/thread_record.hpp>

#include <pthread.h>

#include <atomic>
#include <cstdint>

namespace ravel::detail {

struct controlled_thread;

struct created_thread {
  static constexpr std::uint32_t is_over = 1, is_unclaimed = 2, is_returned = 4;

  void* (*start)(void*);
  void* argument;
  thread_record* record;
  std::atomic<std::uintptr_t> handle;  // pthread_t; 0: none
  std::atomic<std::uint32_t> reasons;
  std::uint32_t rounds;        // of key destructors
  controlled_thread* control;  // null: the thread is not under control
  void* result;
  bool has_run;    // its function has returned: on the carrier
  bool is_daemon;  // Ravel's own; see controlled_thread
  // For the thread that has this slot as a creator: whose and which trial's children are counted.
  std::uint64_t children_in_trial;
  const thread_record* children_record;

  void give_up(std::uint32_t reason) noexcept;
};

[[nodiscard]] created_thread* find_created_thread(pthread_t handle) noexcept;

// Starts the stack at the frame whose return address is pc.
void drop_frames_before(raw_stack& stack, std::uintptr_t pc) noexcept;

int create_observed(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument,
                    std::uintptr_t pc, bool is_daemon = false) noexcept;

}  // namespace ravel::detail
