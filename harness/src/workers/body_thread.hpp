// SPDX-License-Identifier: MIT
// Who calls: a trial is the body's thread's. Errors: usage_error. Cost: a load and a branch.
#pragma once

#include <ravel/site.hpp>
#include <ravel/thread_record.hpp>
#include <ravel/usage_error.hpp>

#include <string>

namespace ravel::detail {

// "cache_test.cpp:12: "
[[nodiscard]] inline std::string said(site place) {
  return std::string(place.file == nullptr ? "?" : place.file) + ":" + std::to_string(place.line) + ": ";
}

// A worker that declared more threads would pull the others' functions from under them.
inline const thread_record& require_body_thread(const char* call, site place) {
  const thread_record* self = this_thread();
  if (self == nullptr || self->kind != thread_kind::body)
    throw usage_error(said(place) + call +
                      " must be called by the thread that runs the body, not by a worker or a thread of the target; "
                      "declare all threads before trial.run().");
  return *self;
}

}  // namespace ravel::detail
