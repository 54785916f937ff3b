// SPDX-License-Identifier: MIT
// Hands control from one controlled thread to another. Two engines behind one interface, and they mix:
//   user    threads are carried: the carrier, the kernel thread that runs the body, switches between their contexts
//   kernel  threads are native: each waits on a futex until it is given the baton
// A carried thread becomes native for its end, because thread-local destructors and pthread_exit must run on its own
// kernel thread. Called by the thread in control only. Cost of a hand-over: user about 15 ns, kernel about 5 us.
// invariant: at most one controlled thread runs; it is the one that control.running names.
#pragma once

#include "context.hpp"
#include "controlled_thread.hpp"

#include <cstdint>

namespace ravel::detail {

enum class engine_kind : std::uint8_t { user, kernel };

[[nodiscard]] const char* word_for(engine_kind kind) noexcept;

// Who runs, and how many points it may pass before the strategy is asked. The one mutable global of the engine.
// No atomics: a thread under control got the baton after the last write. Any other reads `running` while it may change,
// and whatever it reads is either null or not itself.
struct control_state {
  controlled_thread* running = nullptr;  // null: no execution is in flight
  std::int64_t points_left = 0;
};
extern control_state control;

// The calling thread, if it is the one in control; else nullptr (no execution, or a thread that is not controlled).
[[nodiscard]] [[gnu::always_inline]] inline controlled_thread* in_control() noexcept {
  controlled_thread* running = control.running;
  if (running == nullptr) [[likely]]
    return nullptr;
  return running->thread_pointer == thread_pointer() ? running : nullptr;
}

class engine {
 public:
  // On the kernel thread that will run the body: it becomes the carrier.
  void start(engine_kind kind) noexcept;
  [[nodiscard]] engine_kind kind() const noexcept { return kind_; }
  // Of the kernel thread that runs the body, and all contexts that are carried.
  [[nodiscard]] std::uintptr_t carrier_pointer() const noexcept { return carrier_pointer_; }
  [[nodiscard]] std::int32_t carrier_id() const noexcept { return carrier_id_; }

  // The calling thread itself, e.g. the one that runs the body.
  void adopt_caller(controlled_thread& self) noexcept;
  // On its own kernel thread, at first and after work that it did natively: tells where its contexts may start, and
  // lets offer() return. Returns when the thread is to go on natively: with the baton in hand, or told to leave.
  void park(controlled_thread& self) noexcept;
  // In the creator: waits until the fresh thread is parked.
  void await_parked(controlled_thread& thread) noexcept;
  // Gives a parked thread something to run when it is first handed control: entry(thread). It ends by leave().
  void arm(controlled_thread& thread) noexcept;

  // Returns when self is handed control again.
  void hand_over(controlled_thread& self, controlled_thread& to) noexcept;
  // The same, but self never goes on as it is: a carried context that has ended, or a native thread about to die or
  // to wait for its next job. Returns only in a native thread; where a context went native, from park().
  void leave(controlled_thread& self, controlled_thread& to) noexcept;
  // From now on self runs on its own kernel thread; goes on there when it is handed control.
  void go_native(controlled_thread& self, controlled_thread& to) noexcept;
  // Like leave(), for a carried context: its kernel thread returns from park() when it is handed control.
  void leave_to_native(controlled_thread& self, controlled_thread& to) noexcept;
  // In a context that went native: its kernel thread returns from park(). Does not return.
  void return_to_park(controlled_thread& self) noexcept;
  // Wakes a parked thread for good, outside of executions.
  void dismiss(controlled_thread& thread) noexcept;

 private:
  static void idle(void* self);
  static void carry(void* thread);
  void give_baton(controlled_thread& to) noexcept;
  void wait_as_carrier() noexcept;
  void switch_to_idle(void** save, controlled_thread& to) noexcept;

  engine_kind kind_ = engine_kind::kernel;
  std::uintptr_t carrier_pointer_ = 0;
  std::int32_t carrier_id_ = 0;  // gettid() of the thread that called start()
  std::atomic<std::uint32_t> carrier_baton_{0};
  controlled_thread* carrier_target_ = nullptr;
  controlled_thread* next_native_ = nullptr;  // to be given the baton by the idle context
  void* idle_sp_ = nullptr;
  void* idle_stack_ = nullptr;
  void* nobody_ = nullptr;  // where an ended context is saved, never to be resumed
};

// The process's one.
extern engine only_engine;
[[nodiscard]] [[gnu::always_inline]] inline engine& the_engine() noexcept { return only_engine; }

}  // namespace ravel::detail
