// SPDX-License-Identifier: MIT
// The persistent threads of a batch: they run one phase's workers after another, and are joined at its end.
// Used from the thread that runs the body. run() blocks until every worker's function has returned.
// Cost of a phase: one futex wake and one wait, plus the gate.
#pragma once

#include "base/futex.hpp"
#include "gate.hpp"
#include "job_runner.hpp"

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <vector>

namespace ravel::detail {

class worker_pool final : public job_runner {
 public:
  static constexpr std::uint32_t worker_bits = 12;
  static constexpr std::uint32_t most_workers = (1u << worker_bits) - 1;

  worker_pool();
  ~worker_pool() override;  // joins
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  void run(const std::vector<job>& jobs) override;

 private:
  struct member {
    worker_pool* pool;
    pthread_t thread;
    std::uint32_t number;
    std::uint32_t seen_phase;
    std::atomic<bool> is_gone{false};  // its function ended the thread: pthread_exit
  };

  static void* start(void* argument);
  void serve(member& self);
  void run_job(const job& job);
  void grow(std::size_t members);
  void announce(std::uint32_t workers) noexcept;
  void finish_one() noexcept;

  std::vector<member*> members_;
  const std::vector<job>* jobs_ = nullptr;
  start_gate gate_;
  std::uint32_t cores_;
  std::atomic<std::uint32_t> phase_{0};  // phase number << worker_bits | workers
  std::atomic<std::uint32_t> unfinished_{0};
  std::atomic<bool> is_closing_{false};
};

}  // namespace ravel::detail
