// SPDX-License-Identifier: MIT
// See controlled_pool.hpp. The tools are told of the same two edges as in stress mode (pool.cpp), and of no other.
#include "controlled_pool.hpp"

#include "base/stack.hpp"
#include "engine/execution.hpp"
#include "intercept/pool_thread.hpp"
#include "record/batch_process.hpp"
#include "record/escaped_exception.hpp"
#include "record/run_listener.hpp"
#include "record/thread_table.hpp"

#include <ravel/tools.hpp>
#include <ravel/usage_error.hpp>

#include <sys/syscall.h>
#include <unistd.h>

#include <cxxabi.h>

#include <string>

namespace ravel::detail {

namespace {

char start_edge, end_edge;  // tags only

}  // namespace

controlled_pool::controlled_pool(engine_kind engine) {
  the_engine().start(engine);
  pthread_key_create(&end_key_, at_thread_end);
}

controlled_pool::~controlled_pool() {
  for (member* one : members_) {
    if (!one->is_gone) {
      the_engine().await_parked(*one->thread);
      one->is_closing = true;
      the_engine().dismiss(*one->thread);
    }
    pthread_join(one->handle, nullptr);
    the_execution().give_back(*one->thread);
    delete one;
  }
  pthread_key_delete(end_key_);
}

void* controlled_pool::start(void* argument) {
  auto& self = *static_cast<member*>(argument);
  const stack_bounds bounds = bounds_of_this_thread();
  self.tid = static_cast<std::int32_t>(syscall(SYS_gettid));
  self.stack_low = bounds.low;
  self.stack_high = bounds.high;
  pthread_setspecific(self.pool->end_key_, &self);
  // Comes back natively: with the baton in hand, or from work that was begun as a carried context, or to end.
  for (self.is_begun = false;; self.is_begun = false) {
    the_engine().park(*self.thread);
    if (self.is_closing) break;
    if (!self.is_begun) run_work(*self.thread);
  }
  pthread_setspecific(self.pool->end_key_, nullptr);
  return nullptr;
}

// Only a thread that its work has ended comes here with the key set: by pthread_exit, on its own kernel thread.
void controlled_pool::at_thread_end(void* argument) {
  auto& self = *static_cast<member*>(argument);
  if (in_control() != self.thread) return;  // a process that the target forked
  tool_release(&end_edge);                  // once more: its thread-local destructors have run since
  self.is_gone = true;
  execution& execution = the_execution();
  if (--self.pool->unfinished_ == 0) execution.wake(execution.object(&self.pool->unfinished_), 1);
  the_engine().leave(*self.thread, execution.finished(*self.thread));
}

void controlled_pool::run_work(controlled_thread& thread) {
  auto& self = *static_cast<member*>(thread.argument);
  self.is_begun = true;
  self.pool->perform(self);
  execution& execution = the_execution();
  tool_release(&end_edge);
  if (--self.pool->unfinished_ == 0) execution.wake(execution.object(&self.pool->unfinished_), 1);
  controlled_thread& next = execution.finished(thread);
  if (!thread.is_carried) thread.is_parked.store(0);  // it parks once more
  the_engine().leave(thread, next);
}

void controlled_pool::perform(member& self) {
  const job& job = *self.work;
  adopt_record(job.record, self.tid, self.stack_low, self.stack_high);
  tool_acquire(&start_edge);
  job.record->is_alive.store(1, std::memory_order_release);  // publishes the record to the watchdog
  notify_thread_started(*job.record);
  worker me(job.index, job.role, job.seed);
  struct leaving {  // also when the worker's function leaves by pthread_exit
    thread_record& record;
    ~leaving() {
      notify_thread_ended(record);
      record.is_alive.store(0, std::memory_order_release);
      adopt_record(nullptr);
    }
  } leaving{*job.record};
  try {
    the_execution().see_to_due(*self.thread);  // what it was sent before
    (*job.body)(me);
  } catch (abi::__forced_unwind&) {
    tool_release(&end_edge);
    throw;  // pthread_exit or cancellation: it must go on
  } catch (...) {
    record_current_exception();
  }
  if (!is_in_batch()) _exit(0);  // a process that the target forked and that came back from it ends here
}

void controlled_pool::create(member& one) {
  one.is_gone = false;
  one.thread->entry = run_work;
  one.thread->argument = &one;
  if (const int error = create_pool_thread(&one.handle, nullptr, start, &one); error != 0)
    throw usage_error("the system gave no more than " + std::to_string(members_.size()) + " threads (error " +
                      std::to_string(error) + "); declare fewer threads, or raise the limit (ulimit -u).");
  the_engine().await_parked(*one.thread);
}

void controlled_pool::add_member() {
  controlled_thread* thread = the_execution().reserve();
  if (thread == nullptr)
    throw usage_error("more than " + std::to_string(execution::most_threads) + " threads in one execution.");
  auto* fresh = new member{};
  fresh->pool = this;
  fresh->thread = thread;
  thread->is_pooled = true;
  create(*fresh);
  members_.push_back(fresh);
}

void controlled_pool::replace(member& one) {
  pthread_join(one.handle, nullptr);
  one.thread->is_parked.store(0);
  create(one);
}

void controlled_pool::run(const std::vector<job>& jobs) {
  controlled_thread* self = in_control();
  if (self == nullptr) throw usage_error("trial.run() must be called by the thread that runs the body.");
  // The pool's own threads are no part of the execution while they are made.
  control.running = nullptr;
  for (member* one : members_)
    if (one->is_gone) replace(*one);
  while (members_.size() < jobs.size()) add_member();
  control.running = self;

  execution& execution = the_execution();
  unfinished_ = static_cast<std::uint32_t>(jobs.size());
  tool_release(&start_edge);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    member& one = *members_[i];
    one.work = &jobs[i];
    the_engine().await_parked(*one.thread);
    execution.prepare(*one.thread);
    the_engine().arm(*one.thread);
    execution.started(*self, *one.thread, jobs[i].record);
  }
  while (unfinished_ != 0) execution.wait(*self, {operation::join, 0, &unfinished_, 0}, execution.object(&unfinished_));
  tool_acquire(&end_edge);
}

}  // namespace ravel::detail
