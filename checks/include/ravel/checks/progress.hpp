// SPDX-License-Identifier: MIT
// Do operations get on, whatever other threads do? What is claimed of them is tried in explore, at drawn points of
// calls:
//
//   ravel::checks::progress claims{trial, {.within = 200}};
//   claims.lock_free("push", "pop");              // whoever is stopped: of those that run, somebody's call ends
//   claims.obstruction_free("size");              // with all others stopped it ends
//   claims.wait_free("add");                      // it ends within .within points of its own, whatever others do
//   claims.livelock_free("enter", "leave");       // with all running, by fair turns, somebody's call ends
//   claims.starvation_free("write");              // by fair turns, before others have ended .overtakes operations
//
// Operations are named as they are recorded: by a history (ravel/checks/linearizable.hpp), or where there is none by
// claims("push", [&] { stack.push(3); }). The first point at which a claim does not hold is a finding; the others are
// counted. No number of points is a proof, and fewer than .samples of them are no pass: the verdict is undecided.
// Threads are stopped at points, so explore.points or explore.thread. In force until the object goes out of scope.
// Thread safety: made on the thread that runs the body; operations from any. Cost: see ravel/progress_claim.hpp.
#pragma once

#include <ravel/operation_in_flight.hpp>
#include <ravel/progress_claim.hpp>
#include <ravel/site.hpp>
#include <ravel/trial.hpp>

#include <concepts>
#include <cstdint>
#include <utility>

namespace ravel::checks {

struct progress_options {
  std::uint64_t within = 200;     // points of each thread that runs, until an operation ends; not of starvation_free
  std::uint64_t overtakes = 50;   // starvation_free: operations of others, until this one ends
  std::uint64_t samples = 1'000;  // points at which a claim is to be tried in a run, or nothing is known of it
};

class progress;

namespace detail {

// Claims in a list of those in force, without what the body sees of them.
class claims_in_force {
 public:
  claims_in_force(const claims_in_force&) = delete;
  claims_in_force& operator=(const claims_in_force&) = delete;

 private:
  friend class checks::progress;
  friend class progress_in_force;
  static constexpr std::uint32_t most = 16;

  claims_in_force(const progress_options& options, site place);
  ~claims_in_force();
  void add(progress_kind kind, const char* operation);

  progress_options options_;
  site place_;
  progress_claim claims_[most] = {};
  std::uint32_t count_ = 0;
  claims_in_force* next_ = nullptr;  // made before it
};

}  // namespace detail

template <class Name>
concept operation_name = std::convertible_to<Name, const char*>;

class progress {
 public:
  explicit progress(trial& /*trial*/, progress_options options = {}, site place = site::here())
      : claims_(options, place) {}

  // Names must live as long as the trial does, as literals do.
  template <operation_name... Names>
  void obstruction_free(Names... names) {
    (claims_.add(progress_kind::obstruction_free, names), ...);
  }
  // An end of any of them will do, also of those named in another call.
  template <operation_name... Names>
  void lock_free(Names... names) {
    (claims_.add(progress_kind::lock_free, names), ...);
  }
  template <operation_name... Names>
  void wait_free(Names... names) {
    (claims_.add(progress_kind::wait_free, names), ...);
  }
  // The same.
  template <operation_name... Names>
  void livelock_free(Names... names) {
    (claims_.add(progress_kind::livelock_free, names), ...);
  }
  template <operation_name... Names>
  void starvation_free(Names... names) {
    (claims_.add(progress_kind::starvation_free, names), ...);
  }

  // An operation that no history records.
  template <std::invocable Call>
  decltype(auto) operator()(const char* name, Call&& call) {
    const operation_in_flight mark(name);
    return std::forward<Call>(call)();
  }

 private:
  detail::claims_in_force claims_;
};

}  // namespace ravel::checks
