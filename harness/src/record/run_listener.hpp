// SPDX-License-Identifier: MIT
// What happens in a run, told upwards by those who see it: interception, the workers. The run in flight listens and
// passes it on to the observers. Thread safety: told on the thread that it is about. Cost without a run: one load.
#pragma once

#include <ravel/observer.hpp>
#include <ravel/thread_record.hpp>

namespace ravel::detail {

class run_listener {
 public:
  // After adopt_record, and before the record is given up.
  virtual void thread_started(thread_record& record) noexcept = 0;
  virtual void thread_ended(thread_record& record) noexcept = 0;
  virtual void name_made(const name_event& made) noexcept = 0;

 protected:
  ~run_listener() = default;
};

// Of the run in flight in this process; null outside, and in processes that the target forks.
extern run_listener* listening_run;

// What ravel::current_run() says; also in processes that the target forks.
void set_current_run(run_view* run) noexcept;

inline void notify_thread_started(thread_record& record) noexcept {
  if (listening_run != nullptr) listening_run->thread_started(record);
}
inline void notify_thread_ended(thread_record& record) noexcept {
  if (listening_run != nullptr) listening_run->thread_ended(record);
}
inline void notify_name_made(const name_event& made) noexcept {
  if (listening_run != nullptr) listening_run->name_made(made);
}

}  // namespace ravel::detail
