// SPDX-License-Identifier: MIT
// Condition waits: the mutex is given back and taken again inside the call. They are cancellation points, so
// the end of the wait is told by a destructor, which forced unwinding runs too.
// Calls from inside libstdc++ count here: std::condition_variable::wait is compiled there, on the target's mutex.
#include "lock_events.hpp"
#include "next.hpp"

#include <pthread.h>

RAVEL_NEXT_VERSIONED(int, pthread_cond_wait, "GLIBC_2.3.2", (pthread_cond_t * c, pthread_mutex_t* m), (c, m))
RAVEL_NEXT_VERSIONED(int, pthread_cond_timedwait, "GLIBC_2.3.2",
                     (pthread_cond_t * c, pthread_mutex_t* m, const timespec* until), (c, m, until))
RAVEL_NEXT(int, pthread_cond_clockwait,
           (pthread_cond_t * c, pthread_mutex_t* m, clockid_t clock, const timespec* until), (c, m, clock, until))

namespace ravel::detail {

namespace {

class waiting {
 public:
  waiting(lock_observer* observer, thread_record& record, const void* condition, const lock_event& event) noexcept
      : observer_(observer), record_(record), condition_(condition), event_(event) {
    observer_->condition_waiting(record_, condition_, event_);
  }
  ~waiting() {
    if (watching() == observer_) observer_->condition_woken(record_, condition_, event_);
  }
  waiting(const waiting&) = delete;
  waiting& operator=(const waiting&) = delete;

 private:
  lock_observer* observer_;
  thread_record& record_;
  const void* condition_;
  lock_event event_;
};

// A mutex whose locking was not told of (by DRD's preloaded library, for its own ends) is not told of here either.
bool is_known_held(const thread_record& record, const void* mutex) noexcept {
  const std::uint32_t count = record.held_count.load(std::memory_order_relaxed);  // relaxed: this thread's own
  if (count > thread_record::max_held) return true;
  for (std::uint32_t i = 0; i < count; ++i)
    if (record.held[i].lock == mutex) return true;
  return false;
}

template <class Call>
int tell_wait(lock_observer* observer, const void* condition, const pthread_mutex_t* mutex, request_kind request,
              std::uintptr_t pc, Call call) {
  thread_record* record = this_thread();
  tool_frame frame(pc);
  if (record == nullptr || (is_under_valgrind() && !is_known_held(*record, mutex))) return call();
  const int type = mutex->__data.__kind & 3;
  const lock_kind kind = type == PTHREAD_MUTEX_RECURSIVE_NP    ? lock_kind::recursive_mutex
                         : type == PTHREAD_MUTEX_ERRORCHECK_NP ? lock_kind::errorcheck_mutex
                                                               : lock_kind::mutex;
  waiting until_woken(observer, *record, condition, {mutex, pc, lock_mode::exclusive, kind, request, nullptr});
  return call();
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel;
using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t* mutex)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_cond_wait(condition, mutex);
  return tell_wait(observer, condition, mutex, request_kind::blocking, RAVEL_CALLER,
                   [=] { return next_pthread_cond_wait(condition, mutex); });
}
RAVEL_INTERCEPT(int, pthread_cond_timedwait,
                (pthread_cond_t * condition, pthread_mutex_t* mutex, const timespec* until)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_cond_timedwait(condition, mutex, until);
  return tell_wait(observer, condition, mutex, request_kind::timed, RAVEL_CALLER,
                   [=] { return next_pthread_cond_timedwait(condition, mutex, until); });
}
RAVEL_INTERCEPT(int, pthread_cond_clockwait,
                (pthread_cond_t * condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_cond_clockwait(condition, mutex, clock, until);
  return tell_wait(observer, condition, mutex, request_kind::timed, RAVEL_CALLER,
                   [=] { return next_pthread_cond_clockwait(condition, mutex, clock, until); });
}
