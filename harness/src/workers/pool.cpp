// SPDX-License-Identifier: MIT
// See pool.hpp. The tools are told of two edges: everything before run() happens before each worker's first
// step, and each worker's last step before what follows run(). Nothing else orders the workers.
#include "pool.hpp"

#include "bridge/hidden_memory.hpp"
#include "intercept/pool_thread.hpp"
#include "record/batch_process.hpp"
#include "record/escaped_exception.hpp"
#include "record/run_listener.hpp"
#include "record/thread_table.hpp"

#include <ravel/tools.hpp>
#include <ravel/usage_error.hpp>

#include <sched.h>
#include <unistd.h>

#include <cxxabi.h>

#include <string>

namespace ravel::detail {

namespace {

char start_edge, end_edge;  // tags only

std::uint32_t usable_cores() noexcept {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  const int count = CPU_COUNT(&allowed);
  return count < 1 ? 1 : static_cast<std::uint32_t>(count);
}

}  // namespace

worker_pool::worker_pool() : cores_(usable_cores()) {}

worker_pool::~worker_pool() {
  is_closing_.store(true);
  announce(0);
  for (member* one : members_) {
    pthread_join(one->thread, nullptr);
    delete one;
  }
}

void* worker_pool::start(void* argument) {
  auto* self = static_cast<member*>(argument);
  self->pool->serve(*self);
  return nullptr;
}

void worker_pool::grow(std::size_t members) {
  while (members_.size() < members) {
    auto* fresh = new member{this, {}, static_cast<std::uint32_t>(members_.size()), phase_.load(), {}};
    if (const int error = create_pool_thread(&fresh->thread, nullptr, start, fresh); error != 0) {
      delete fresh;
      throw usage_error("the system gave no more than " + std::to_string(members_.size()) + " of " +
                        std::to_string(members) + " threads (error " + std::to_string(error) +
                        "); declare fewer threads, or raise the limit (ulimit -u).");
    }
    members_.push_back(fresh);
  }
}

void worker_pool::run(const std::vector<job>& jobs) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!members_[i]->is_gone.load()) continue;
    pthread_join(members_[i]->thread, nullptr);
    members_[i]->is_gone.store(false);
    members_[i]->seen_phase = phase_.load();
    if (create_pool_thread(&members_[i]->thread, nullptr, start, members_[i]) != 0)
      throw usage_error("the system gave no thread to replace one that called pthread_exit.");
  }
  grow(jobs.size());
  const auto count = static_cast<std::uint32_t>(jobs.size());
  jobs_ = &jobs;
  gate_.reset(count, cores_, is_under_valgrind());
  unfinished_.store(count, std::memory_order_relaxed);  // relaxed: published by phase_, as the jobs are
  tool_release(&start_edge);
  announce(count);
  for (std::uint32_t left; (left = unfinished_.load(std::memory_order_acquire)) != 0;) futex_wait(unfinished_, left);
  tool_acquire(&end_edge);
  jobs_ = nullptr;
}

// release, with the acquire in serve(): the jobs and the gate are ready. The phase is this thread's own to write.
void worker_pool::announce(std::uint32_t workers) noexcept {
  const std::uint32_t number = (phase_.load(std::memory_order_relaxed) >> worker_bits) + 1;
  phase_.store(number << worker_bits | workers, std::memory_order_release);
  futex_wake_all(phase_);
}

void worker_pool::serve(member& self) {
  for (;;) {
    std::uint32_t phase;
    for (std::uint32_t spins = 0; (phase = phase_.load(std::memory_order_acquire)) == self.seen_phase; ++spins)
      if (cores_ < 2 || spins > 200) futex_wait(phase_, phase);
    self.seen_phase = phase;
    if (is_closing_.load()) return;
    // Number and worker count are one word: a member that wakes late cannot mix two phases.
    if (self.number >= (phase & most_workers)) continue;
    tool_acquire(&start_edge);  // before the jobs are read: they lie on the main thread's stack
    struct ending {             // also when the worker's function leaves by pthread_exit
      worker_pool& pool;
      member& self;
      bool is_orderly = false;
      ~ending() {
        if (!is_orderly) self.is_gone.store(true);
        pool.finish_one();
      }
    } ending{*this, self};
    run_job((*jobs_)[self.number]);
    ending.is_orderly = true;
  }
}

void worker_pool::finish_one() noexcept {
  tool_release(&end_edge);
  // acq_rel: the last one's release carries what the others did before theirs
  if (unfinished_.fetch_sub(1, std::memory_order_acq_rel) == 1) futex_wake_all(unfinished_);
}

void worker_pool::run_job(const job& job) {
  adopt_record(job.record);
  job.record->is_alive.store(1);
  notify_thread_started(*job.record);
  worker self(job.index, job.role, job.seed);
  struct leaving {
    thread_record& record;
    ~leaving() {
      notify_thread_ended(record);
      record.is_alive.store(0);
      adopt_record(nullptr);
    }
  } leaving{*job.record};
  gate_.arrive_and_wait();
  try {
    (*job.body)(self);
  } catch (abi::__forced_unwind&) {
    throw;  // pthread_exit or cancellation: it must go on
  } catch (...) {
    record_current_exception();
  }
  if (!is_in_batch()) _exit(0);  // a process that the target forked and that came back from it ends here
}

}  // namespace ravel::detail
