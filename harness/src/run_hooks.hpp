// SPDX-License-Identifier: MIT
// Where the parts of the harness and its adapters meet a run in flight: thread notices, noise, hooks of
// the bridges. Thread safety: as said at each. Cost when no run is in flight: one load and a branch.
#pragma once

#include <ravel/observer.hpp>

#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <string>

namespace ravel::detail {

// Tell all observers, on the thread itself, after adopt_record and before the record is given up.
void notify_thread_started(thread_record& record) noexcept;
void notify_thread_ended(thread_record& record) noexcept;
// Any thread: a file in /dev/shm, by its name there.
void notify_segment_made(const char* file) noexcept;

// Noise at a synchronisation operation. One load when noise is off.
extern std::atomic<bool> is_noisy;
void make_noise() noexcept;
inline void noise_point() noexcept {
  // relaxed: a setting that does not change while threads run
  if (is_noisy.load(std::memory_order_relaxed)) make_noise();
}

// Set by an adapter: true when the exception being handled stands for a failed assertion that has been
// recorded already. Called inside a catch block. Default: never.
extern bool (*is_assertion_exception)() noexcept;

// Set by an adapter: the argument that makes this program run the test case in flight only; "" when there is
// none. Main thread of the parent. Default: "".
extern std::string (*test_selector)();

// An observer that is part of every run and cannot be switched off (adapters). Register before a run.
void add_permanent_observer(std::unique_ptr<observer> (*make)());

// harness/src/program: a program under test called exit, or its main returned and set the flag.
void program_called_exit(int status) noexcept;
inline bool program_has_returned = false;
void learn_library_ranges() noexcept;  // intercept/lock_events.cpp
void silence_program() noexcept;       // what it prints, thousands of times, is dropped

// harness/src/bridge
[[nodiscard]] bool is_under_valgrind() noexcept;
void hide_memory_from_tools(void* memory, std::size_t bytes) noexcept;
void forget_hidden_memory(const void* memory) noexcept;  // before it is unmapped

// harness/src/intercept: a thread that belongs to Ravel and gets no record by interception.
int create_pool_thread(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument);

}  // namespace ravel::detail
