// SPDX-License-Identifier: MIT
// The persistent threads that run the body's workers under control. Used from the thread that runs the body, inside an
// execution; made and destroyed outside of one. Cost of a phase: one context made for each worker.
#pragma once

#include "engine/engine.hpp"
#include "workers/job_runner.hpp"

#include <pthread.h>

#include <cstdint>
#include <vector>

namespace ravel::detail {

class controlled_pool final : public job_runner {
 public:
  explicit controlled_pool(engine_kind engine);
  ~controlled_pool() override;  // joins
  controlled_pool(const controlled_pool&) = delete;
  controlled_pool& operator=(const controlled_pool&) = delete;

  void run(const std::vector<job>& jobs) override;

 private:
  struct member {
    controlled_pool* pool;
    controlled_thread* thread;
    const job* work;
    pthread_t handle;
    std::int32_t tid;
    std::uintptr_t stack_low, stack_high;
    bool is_gone;  // its function ended the thread: pthread_exit
    bool is_closing;
    bool is_begun;  // its work, since it was parked
  };

  static void* start(void* argument);
  static void run_work(controlled_thread& self);
  static void at_thread_end(void* argument);
  void perform(member& self);
  void add_member();
  void replace(member& one);
  void create(member& one);

  std::vector<member*> members_;
  std::uint32_t unfinished_ = 0;
  pthread_key_t end_key_{};
};

}  // namespace ravel::detail
