// SPDX-License-Identifier: MIT
// See ravel/alone.hpp and alone.hpp. The way back is longjmp by name, so that sanitizers mend their own stacks.
#include "alone.hpp"

#include "control.hpp"

#include "bridge/bridges.hpp"
#include "record/thread_table.hpp"

#include <ravel/alone.hpp>

#include <csetjmp>
#include <time.h>

namespace ravel {

namespace detail {

namespace {

constexpr std::uint32_t most_yields = 10'000, most_atomics = 100'000;
constexpr std::int64_t second = 1'000'000'000;

[[gnu::tls_model("initial-exec")]] thread_local std::jmp_buf* way_back = nullptr;

}  // namespace

thread_local constinit alone_state alone{};

void leave_alone() noexcept { std::longjmp(*way_back, 1); }

void skip(const timespec& span) noexcept {
  if (alone.taken != nullptr) leave_alone();
  alone.skipped_ns += span.tv_sec * second + span.tv_nsec;
}

void skip_to(clockid_t clock, const timespec& until) noexcept {
  if (alone.taken != nullptr) leave_alone();
  timespec now;
  clock_gettime(clock, &now);  // moved on already
  const std::int64_t left = (until.tv_sec - now.tv_sec) * second + until.tv_nsec - now.tv_nsec;
  if (left > 0) alone.skipped_ns += left;
}

void move_on(timespec& now) noexcept {
  const std::int64_t nanoseconds = now.tv_nsec + alone.skipped_ns;
  now.tv_sec += nanoseconds / second;
  now.tv_nsec = nanoseconds % second;
}

void yield_alone() noexcept {
  if (++alone.yields > most_yields) leave_alone();
}

void step_alone() noexcept {
  if (++alone.taken->atomics > most_atomics) leave_alone();
}

void took_alone(void* object, void (*give_back)(void*) noexcept) noexcept {
  locks_taken* taken = alone.taken;
  if (taken != nullptr && taken->count < locks_taken::most) taken->locks[taken->count++] = {object, give_back};
}

void gave_back_alone(const void* object) noexcept {
  locks_taken* taken = alone.taken;
  if (taken == nullptr) return;
  for (std::uint32_t i = taken->count; i-- != 0;)
    if (taken->locks[i].object == object) {
      for (--taken->count; i < taken->count; ++i) taken->locks[i] = taken->locks[i + 1];
      return;
    }
}

std::uint32_t times_taken_alone(const void* object) noexcept {
  std::uint32_t times = 0;
  for (std::uint32_t i = 0; alone.taken != nullptr && i < alone.taken->count; ++i)
    times += alone.taken->locks[i].object == object ? 1 : 0;
  return times;
}

namespace {

// taken: of whom only looks. It outlives this call, because the way back comes out here.
bool run_apart(void (*call)(void*), void* argument, locks_taken* taken) noexcept {
  const apart hidden;
  const alone_state outer = alone;
  std::jmp_buf* const outer_way = way_back;
  std::jmp_buf buffer;
  way_back = &buffer;
  const bool is_first = setjmp(buffer) == 0;
  if (is_first) {
    alone.is_on = true;
    alone.yields = 0;
    alone.taken = taken;
    call(argument);
  } else if (taken != nullptr) {
    alone.taken = nullptr;
    while (taken->count != 0) {
      const locks_taken::lock& last = taken->locks[--taken->count];
      last.give_back(last.object);
    }
  }
  const std::int64_t skipped = alone.skipped_ns;  // clocks never go back
  alone = outer;
  if (alone.is_on) alone.skipped_ns = skipped;
  way_back = outer_way;
  return is_first;
}

}  // namespace

}  // namespace detail

using namespace detail;

bool is_under_control() noexcept { return in_control() != nullptr; }

bool is_next_call_left_out(bool is_free) noexcept {
  controlled_thread* self = in_control();
  return self != nullptr && the_execution().leaves_out_next_call(*self, is_free);
}

void apart::enter() noexcept {
  running_ = in_control();
  record_ = this_thread();
  if (running_ != nullptr) control.running = nullptr;
  if (record_ != nullptr) adopt_record(nullptr);
  hide_from_tools();
}

void apart::leave() noexcept {
  show_to_tools();
  if (record_ != nullptr) adopt_record(record_, record_->tid, record_->stack_low, record_->stack_high);
  if (running_ != nullptr) control.running = static_cast<controlled_thread*>(running_);
}

bool run_alone(void (*call)(void*), void* argument) noexcept { return run_apart(call, argument, nullptr); }

bool look_alone(void (*call)(void*), void* argument) noexcept {
  locks_taken taken;
  taken.count = taken.atomics = 0;
  taken.is_in_execution = is_under_control();
  leak_sanitizer::look_away();  // what the frames hold that it is left in
  const bool has_ended = run_apart(call, argument, &taken);
  leak_sanitizer::look_again();
  return has_ended;
}

}  // namespace ravel
