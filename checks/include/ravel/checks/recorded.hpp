// SPDX-License-Identifier: MIT
// What stands behind ravel::checks::linearizable: a recorder of calls, without the types of what is called.
// Thread safety: open, invoked and returned from any thread, each for its own calls, without anything that orders
// threads; the rest on the thread that runs the body. Cost: a call is recorded in some 50 ns.
#pragma once

#include <ravel/checks/check_history.hpp>
#include <ravel/checks/encoded.hpp>
#include <ravel/site.hpp>
#include <ravel/trial.hpp>

#include <cstddef>
#include <cstdint>

namespace ravel::checks {

struct linearizable_options {
  const char* name = nullptr;  // of the object, in reports; else its type's
  checks::condition condition = condition::linearizable;
  search_budget budget = {.steps = 200'000, .seconds = 5, .bytes = std::size_t{64} << 20};
  bool is_judged = true;         // false: calls are recorded, and no more
  bool leaves_out_calls = true;  // in executions that look for a smaller history; false: whoever makes the calls does
};

namespace detail {

// How a call is done again on another object, and forgotten.
struct repeatable {
  void (*run)(void* object, void* stored, value_writer& result);  // throws nothing
  void (*encode)(const void* stored, value_writer& argument);     // each argument: one value
  void (*destroy)(void* stored) noexcept;
  bool is_plain;  // arguments are numbers and the like: they can be told by another process, too
};

struct recorded_call;

// How a model is made: an object of the user's own class, or a model that steps through the history.
struct model_maker {
  const void* maker = nullptr;
  void* (*make)(const void* maker) = nullptr;
  void (*destroy)(void* object) noexcept = nullptr;
  judgement (*check)(const void* maker, const history& history, const check_options& options) = nullptr;
};

class recorder;

class recording {
 public:
  recording(const recording&) = delete;
  recording& operator=(const recording&) = delete;

 protected:
  recording(trial& trial, const char* type, const linearizable_options& options, site place);
  ~recording();

  // Whether the thread's next call is not to be made.
  [[nodiscard]] bool leaves_out_next() const noexcept;
  // Room for what repeats the call, in this thread's own memory; nullptr outside a run.
  recorded_call* open(const char* name, const repeatable& how, std::size_t bytes) noexcept;
  static void* stored_in(recorded_call& call) noexcept;
  void invoked(recorded_call& call) noexcept;
  // The result is written to what this gives, and is part of the call with closed().
  value_writer& returned(recorded_call& call) noexcept;
  void closed(recorded_call& call) noexcept;

  void check(const model_maker& maker) noexcept;

 private:
  recorder* recorder_;
  linearizable_options options_;
  const char* type_;
  site place_;
};

}  // namespace detail

}  // namespace ravel::checks
