// SPDX-License-Identifier: MIT
// Running the target's code for Ravel's own ends, e.g. as a model of itself: no check sees it, no point is taken, and
// what would wait is left, because nobody is there who could end the wait. Thread safety: any thread, each for itself.
// Cost: some 10 ns.
#pragma once

#include <ravel/tools.hpp>

namespace ravel {

struct thread_record;

// True on a thread of which Ravel decides when it runs: then one thread runs at a time.
[[nodiscard]] bool is_under_control() noexcept;

// Before a call that the body could do without, e.g. one of many drawn at random. True: it is to be left out, because a
// smaller execution is looked for that still shows a finding, or a token says so; false in stress mode. is_free:
// nothing else in the body depends on it; else it is only left out for findings that are judged by the recorded calls
// alone. Cost: some ns.
[[nodiscard]] bool is_next_call_left_out(bool is_free) noexcept;

// While it lives, what the calling thread does is no part of the trial. Nests.
class apart {
 public:
  apart() noexcept { enter(); }
  ~apart() { leave(); }
  apart(const apart&) = delete;
  apart& operator=(const apart&) = delete;

 private:
  friend class together;
  void enter() noexcept;
  void leave() noexcept;

  void* running_;
  thread_record* record_;
};

// While it lives, what the calling thread does is part of the trial again: for the target's own call in the middle of
// what is done apart. Of one apart at a time, on the same thread.
class together {
 public:
  explicit together(apart& around) noexcept : around_(around) { around_.leave(); }
  ~together() { around_.enter(); }
  together(const together&) = delete;
  together& operator=(const together&) = delete;

 private:
  apart& around_;
};

// Calls call(argument), apart, which must not throw. False: it came to wait for what only another thread could do, and
// was left there; what its frames hold stays as it is, but a mutex that a condition wait had given back. Sleeps and
// waits with a time limit end at once, and clocks go on by as much.
[[nodiscard]] bool run_alone(void (*call)(void*), void* argument) noexcept;

// The same for what only looks at the target, which goes on afterwards: it is left, too, where it would wait for a
// time, or for a recursive lock that the calling thread has already; and the locks that it had taken by then (mutexes,
// reader-writer locks, spin locks) are given back. Other things that its frames hold stay as they are; LeakSanitizer
// does not take them for leaks.
[[nodiscard]] bool look_alone(void (*call)(void*), void* argument) noexcept;

}  // namespace ravel
