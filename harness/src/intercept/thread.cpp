// SPDX-License-Identifier: MIT
// Threads that the target creates inside a trial get a record: named by creation path, told to the checks,
// given back when the thread is over and joined (or detached). The record stays the thread's until its
// thread-local destructors have run, because those take locks, too: a key's destructor ends it.
// The start routine runs in no extra try block or cleanup, so pthread_exit and cancellation are untouched.
#include "cancellation.hpp"
#include "control.hpp"
#include "created_thread.hpp"
#include "next.hpp"
#include "time_limit.hpp"
#include "uncontrolled.hpp"

#include "engine/virtual_clock.hpp"
#include "pool_thread.hpp"
#include "record/batch_process.hpp"
#include "record/run_listener.hpp"
#include "record/thread_table.hpp"

#include <pthread.h>

#include <cerrno>
#include <cstdlib>

RAVEL_NEXT(int, pthread_create, (pthread_t * t, const pthread_attr_t* a, void* (*start)(void*), void* argument),
           (t, a, start, argument))
RAVEL_NEXT(int, pthread_join, (pthread_t t, void** result), (t, result))
RAVEL_NEXT(int, pthread_tryjoin_np, (pthread_t t, void** result), (t, result))
RAVEL_NEXT(int, pthread_timedjoin_np, (pthread_t t, void** result, const timespec* until), (t, result, until))
RAVEL_NEXT(int, pthread_clockjoin_np, (pthread_t t, void** result, clockid_t clock, const timespec* until),
           (t, result, clock, until))
RAVEL_NEXT(int, pthread_detach, (pthread_t t), (t))
RAVEL_NEXT(void, pthread_exit, (void* result), (result))

namespace ravel::detail {

namespace {

// Handles are looked up with relaxed order: who may join a thread has got its handle from one that had created it, or
// from itself, after the entry was written. The entry's plain members are written before the thread is created.
created_thread created_threads[thread_table::capacity];
pthread_key_t end_key;
bool has_end_key = false;

// The last but one of the rounds that libc grants key destructors: late enough that the target's own
// destructors have run, and before TSan forgets the thread in the last.
constexpr std::uint32_t last_round = 3;

void end_thread(void* argument) {
  auto& self = *static_cast<created_thread*>(argument);
  if (!is_in_batch()) return;  // a process that the target forked from this thread
  if (++self.rounds < last_round) {
    pthread_setspecific(end_key, &self);
    return;
  }
  thread_record& record = *self.record;
  notify_thread_ended(record);
  record.is_alive.store(0, std::memory_order_release);  // after all that it left in its record
  adopt_record(nullptr);
  controlled_thread* control = self.control;
  self.give_up(created_thread::is_over);
  if (control != nullptr && in_control() == control) the_engine().leave(*control, the_execution().finished(*control));
}

// Before any other key, so that libc keeps its value in the thread descriptor: no allocation in the thread.
[[gnu::constructor(101)]] void make_end_key() { has_end_key = pthread_key_create(&end_key, end_thread) == 0; }

// After adopt_record, which has to be done on the thread's own kernel thread.
void enter(created_thread& self) {
  self.record->is_alive.store(1, std::memory_order_release);  // publishes the record to the watchdog
  notify_thread_started(*self.record);
}

// Under control, on the carrier; or on the thread's own kernel thread, when that has been given the baton.
void run_under_control(created_thread& self) {
  enter(self);
  if (controlled_thread* control = in_control()) the_execution().see_to_due(*control);  // what it was sent before
  self.result = self.start(self.argument);
  self.has_run = true;
}

void run_carried(controlled_thread& control) {
  auto& self = *static_cast<created_thread*>(control.argument);
  run_under_control(self);
  if (!is_in_batch()) std::exit(0);  // a process that the target forked: its only thread has ended
  the_execution().end_function(control);
}

void* run_created_thread(void* argument) {
  auto& self = *static_cast<created_thread*>(argument);
  self.handle.store(pthread_self(), std::memory_order_relaxed);
  pthread_setspecific(end_key, &self);
  adopt_record(self.record);  // here, on its own kernel thread: the carrier has another id, which tools do not know
  if (self.control == nullptr) {
    enter(self);
    return self.start(self.argument);
  }
  the_engine().park(*self.control);
  if (!self.has_run) {
    run_under_control(self);
    the_execution().end_native_function(*self.control);
  }
  return self.result;  // thread-local destructors run now, under control; end_thread comes after them
}

void name_record(thread_record& record, thread_record& parent, std::uint64_t trial) noexcept {
  created_thread& of_parent = created_threads[parent.slot];
  if (of_parent.children_in_trial != trial || of_parent.children_record != &parent || parent.children == 0) {
    of_parent.children_in_trial = trial;
    of_parent.children_record = &parent;
    parent.children = 0;
  }
  record.parent = parent.slot;
  record.nth_child = ++parent.children;
  record.born_in_trial = trial;
  record.name.clear();
  record.name.add(parent.name.c_str()).add("/thread ").add_number(record.nth_child);
}

// The started thread's record, or nullptr when this creation is not to be observed.
thread_record* claim_record(std::uintptr_t pc) noexcept {
  if (!is_in_batch() || !has_end_key) return nullptr;
  thread_record* parent = this_thread();
  const run_view* run = current_run();
  if (parent == nullptr || run == nullptr || run->trial() == 0) return nullptr;
  thread_table* table = current_threads();
  thread_record* record = table == nullptr ? nullptr : table->claim(thread_kind::created);
  if (record == nullptr) return nullptr;
  name_record(*record, *parent, run->trial());
  capture_stack(record->created_at);
  drop_frames_before(record->created_at, pc);
  return record;
}

bool is_created_detached(const pthread_attr_t* attributes) noexcept {
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

}  // namespace

void created_thread::give_up(std::uint32_t what) noexcept {
  thread_record* own = record;
  if (what == is_unclaimed) own->is_joinable.store(0, std::memory_order_relaxed);
  if ((reasons.fetch_or(what) | what) != (is_over | is_unclaimed | is_returned)) return;
  handle.store(0, std::memory_order_relaxed);
  if (thread_table* table = current_threads()) table->release(*own);
}

created_thread* find_created_thread(pthread_t handle) noexcept {
  const thread_table* table = is_in_batch() ? current_threads() : nullptr;
  if (table == nullptr) return nullptr;
  const std::uint32_t used = table->slots_used.load(std::memory_order_relaxed);
  for (std::uint32_t slot = 0; slot < used; ++slot)
    if (created_threads[slot].handle.load(std::memory_order_relaxed) == handle) return &created_threads[slot];
  return nullptr;
}

void drop_frames_before(raw_stack& stack, std::uintptr_t pc) noexcept {
  std::uint32_t first = 0;
  while (first < stack.depth && stack.pc[first] != pc) ++first;
  if (first == stack.depth) {  // built without frame pointers: the call's own place is all there is
    stack.depth = 1;
    stack.pc[0] = pc;
    return;
  }
  for (std::uint32_t i = first; i < stack.depth; ++i) stack.pc[i - first] = stack.pc[i];
  stack.depth -= first;
}

namespace {

int create_under_control(controlled_thread& self, created_thread& fresh, pthread_t* thread,
                         const pthread_attr_t* attributes, std::uintptr_t pc) noexcept {
  execution& execution = the_execution();
  controlled_thread* control = execution.reserve();
  static_assert(execution::most_threads == 16384, "said below");
  if (control == nullptr) {
    tell_uncontrolled("pthread_create", "an execution has room for 16384 threads; it fails with EAGAIN from then on",
                      pc);
    --this_thread()->children;
    current_threads()->release(*fresh.record);
    return EAGAIN;
  }
  control->entry = run_carried;
  control->argument = &fresh;
  fresh.control = control;
  control->is_daemon = fresh.is_daemon;
  const int error = next_pthread_create(thread, attributes, run_created_thread, &fresh);
  if (error != 0) {
    execution.give_back(*control);
    --this_thread()->children;
    current_threads()->release(*fresh.record);
    return error;
  }
  the_engine().await_parked(*control);
  the_engine().arm(*control);
  fresh.give_up(created_thread::is_returned);
  execution.started(self, *control, fresh.record);
  execution.point(self, event_on(operation::create, control, pc));
  return 0;
}

}  // namespace

int create_pool_thread(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument) {
  return next_pthread_create(thread, attributes, start, argument);
}

int create_observed(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument,
                    std::uintptr_t pc, bool is_daemon) noexcept {
  tool_frame frame(pc);
  thread_record* record = claim_record(pc);
  if (record == nullptr) return next_pthread_create(thread, attributes, start, argument);
  thread_record& parent = *this_thread();
  created_thread& fresh = created_threads[record->slot];
  fresh.start = start;
  fresh.argument = argument;
  fresh.record = record;
  fresh.rounds = 0;
  const bool is_detached = is_created_detached(attributes);
  fresh.reasons.store(is_detached ? created_thread::is_unclaimed : 0, std::memory_order_relaxed);
  record->is_joinable.store(is_detached ? 0 : 1, std::memory_order_relaxed);
  fresh.handle.store(0, std::memory_order_relaxed);
  fresh.control = nullptr;
  fresh.has_run = false;
  fresh.is_daemon = is_daemon;
  if (lock_observer* observer = watching()) observer->created(parent, *record);
  if (controlled_thread* self = in_control()) return create_under_control(*self, fresh, thread, attributes, pc);
  const int error = next_pthread_create(thread, attributes, run_created_thread, &fresh);
  if (error != 0) {
    --parent.children;
    current_threads()->release(*record);
    return error;
  }
  // The thread stores the same handle when it starts; whoever joins it must find it before that.
  std::uintptr_t none = 0;
  fresh.handle.compare_exchange_strong(none, *thread, std::memory_order_relaxed);
  fresh.give_up(created_thread::is_returned);
  return 0;
}

namespace {

// Tells that the calling thread waits for another's end, also when cancellation ends the wait.
class joining {
 public:
  explicit joining(pthread_t handle) noexcept : self_(this_thread()), child_(find_created_thread(handle)) {
    if (self_ == nullptr || child_ == nullptr) child_ = nullptr;
    observer_ = child_ == nullptr ? nullptr : watching();
    if (observer_ != nullptr) observer_->joining(*self_, *child_->record);
  }
  ~joining() {
    if (observer_ != nullptr && watching() == observer_) observer_->not_joined(*self_, *child_->record);
  }
  void succeeded() noexcept {
    if (child_ == nullptr) return;
    if (observer_ != nullptr && watching() == observer_) observer_->joined(*self_, *child_->record);
    observer_ = nullptr;
    child_->give_up(created_thread::is_unclaimed);
  }
  joining(const joining&) = delete;
  joining& operator=(const joining&) = delete;

 private:
  thread_record* self_;
  created_thread* child_;
  lock_observer* observer_ = nullptr;
};

}  // namespace

// Under control: waits until the thread is over, so that the real call returns at once. 0, or why it is not over.
static int wait_for_end(controlled_thread* self, controlled_thread* of, std::uint64_t deadline, int otherwise,
                        std::uintptr_t pc) noexcept {
  if (self == nullptr || of == nullptr) return 0;
  execution& execution = the_execution();
  const event joins = event_on(operation::join, of, pc);
  execution.point(*self, joins);
  while (of->state != standing::done) {
    if (deadline == 0 || !execution.wait(*self, joins, execution.object(of), deadline)) return otherwise;
    if (self->is_to_end()) return EINTR;  // the caller ends it
  }
  return 0;
}

template <class Call>
static int join_observed(pthread_t handle, std::uintptr_t pc, std::uint64_t deadline, int otherwise, Call call) {
  if (!is_in_batch()) return call();
  // As libc does; TSan's call would forget the thread, and end the program when another joins it.
  if (pthread_equal(handle, pthread_self()) != 0) return deadline == 0 ? otherwise : EDEADLK;
  controlled_thread* self = in_control();
  const cancellation_point here(deadline != 0 ? self : nullptr);
  tool_frame frame(pc);
  created_thread* child = find_created_thread(handle);
  joining wait(handle);
  int error = wait_for_end(self, child == nullptr ? nullptr : child->control, deadline, otherwise, pc);
  if (error == 0) error = call();
  if (error == 0) wait.succeeded();
  return error;
}

// TSan does not know pthread_clockjoin_np (gcc 12, clang 14): to it the thread would be there for ever, and it ends the
// program when another one gets the same handle.
static int clockjoin(pthread_t thread, void** result, clockid_t clock, const timespec* until) {
  if (!has_tsan() || is_known_to_sanitizer_pthread_clockjoin_np() || until == nullptr)
    return next_pthread_clockjoin_np(thread, result, clock, until);
  const timespec real = on_realtime_clock(clock, *until);
  return next_pthread_timedjoin_np(thread, result, &real);
}

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_create,
                (pthread_t * thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument)) {
  return create_observed(thread, attributes, start, argument, RAVEL_CALLER);
}
RAVEL_INTERCEPT(int, pthread_join, (pthread_t thread, void** result)) {
  return join_observed(thread, RAVEL_CALLER, execution::for_ever, 0, [=] { return next_pthread_join(thread, result); });
}
RAVEL_INTERCEPT(int, pthread_tryjoin_np, (pthread_t thread, void** result)) {
  // Under control a thread that is over may still be on its way out of the kernel: then wait for it.
  return join_observed(thread, RAVEL_CALLER, 0, EBUSY, [=] {
    return in_control() != nullptr ? next_pthread_join(thread, result) : next_pthread_tryjoin_np(thread, result);
  });
}
RAVEL_INTERCEPT(int, pthread_timedjoin_np, (pthread_t thread, void** result, const timespec* until)) {
  const std::uint64_t deadline = until == nullptr ? execution::for_ever : virtual_deadline(CLOCK_REALTIME, *until);
  return join_observed(thread, RAVEL_CALLER, deadline, ETIMEDOUT, [=] {
    return in_control() != nullptr ? next_pthread_join(thread, result)
                                   : next_pthread_timedjoin_np(thread, result, until);
  });
}
RAVEL_INTERCEPT(int, pthread_clockjoin_np, (pthread_t thread, void** result, clockid_t clock, const timespec* until)) {
  const std::uint64_t deadline = until == nullptr ? execution::for_ever : virtual_deadline(clock, *until);
  return join_observed(thread, RAVEL_CALLER, deadline, ETIMEDOUT, [=] {
    return in_control() != nullptr ? next_pthread_join(thread, result) : clockjoin(thread, result, clock, until);
  });
}
RAVEL_INTERCEPT(int, pthread_detach, (pthread_t thread)) {
  created_thread* found = find_created_thread(thread);
  tool_frame frame(RAVEL_CALLER);
  const int error = next_pthread_detach(thread);
  if (error == 0 && found != nullptr) found->give_up(created_thread::is_unclaimed);
  return error;
}

// It unwinds the thread's own kernel stack, and ends its kernel thread.
extern "C" [[noreturn]] [[gnu::visibility("default")]] void intercepted_pthread_exit(void* result) __asm__(
    "pthread_exit");
extern "C" [[noreturn]] [[gnu::visibility("default")]] void intercepted_pthread_exit(void* result) {
  if (controlled_thread* self = in_control(); self != nullptr && self->index != 0) {
    the_execution().go_native(*self, event_on(operation::exit, nullptr, RAVEL_CALLER));
    self->has_moved = false;  // what is left of it ends where the thread started, not where it was parked
  }
  next_pthread_exit(result);
  __builtin_unreachable();
}
