// SPDX-License-Identifier: MIT
// What is claimed of how operations get on, and how an execution tries it: from a drawn point of a call on, only some
// threads run, or all by turns, until it is seen whether the claim holds there; then all go on as before, so that other
// checks judge the rest. What a body uses is ravel/checks/progress.hpp. A call is one by ravel/operation_in_flight.hpp.
// Thread safety: a judge is called by the thread in control; it may not allocate, lock, or reach a point.
// Cost: nothing without a judge; with one, some 50 ns a call, and each point of a call that is tried is looked at.
#pragma once

#include <ravel/thread_record.hpp>

#include <cstdint>

namespace ravel {

enum class progress_kind : std::uint8_t {
  obstruction_free,  // alone, all others stopped wherever they are, it ends
  lock_free,         // of those that run, whoever is stopped, somebody's ends
  wait_free,         // it ends within so many points of its own, whatever others do
  livelock_free,     // by fair turns of all, somebody's ends
  starvation_free,   // by fair turns it ends before others have ended so many
};

struct progress_claim {
  progress_kind kind;
  const char* operation;
  std::uint64_t within;     // points
  std::uint64_t overtakes;  // starvation_free: so many operations of others
  const void* group;  // lock_free, livelock_free: any operation with a claim of the same group may be the one that ends
  void* record;       // the judge's
};

// A thread at the end of a try that broke the claim.
struct progress_party {
  const thread_record* thread;
  const char* operation;           // that it is in; null: none
  const char* waits_in;            // "lock", ...; null: it could go on
  const thread_record* waits_for;  // who has that lock; null: nobody, or not known
  bool is_running;                 // else it was stopped
  std::uint64_t points, turns, completed;
  raw_stack stack;
};

// Where the thread made most of its last steps; of: how many are known.
struct progress_loop {
  std::uintptr_t pc;
  const char* what;  // "atomic load"
  std::uint32_t times, of;
  bool has_value;
  std::uint64_t value;  // that it read last
};

enum class progress_result : std::uint8_t {
  held,
  too_long,  // more points, or more operations of others, than claimed
  waits,     // it came to wait for one of those that were stopped, or for others at all
  open,      // the try told nothing
};

struct progress_try {
  static constexpr std::uint32_t most_parties = 16;
  const progress_claim& claim;
  progress_result result;
  std::uint64_t points;     // from the drawn point on: of the call; where anybody's end will do, of each that runs
  bool met_others;          // another thread was in the middle of an operation
  std::uint32_t running;    // threads that were not stopped
  std::uint64_t completed;  // operations of others meanwhile
  // Of a broken claim only; the first party is whose call it is.
  const progress_party* parties;
  std::uint32_t party_count;
  progress_loop loop;
};

class progress_judge {
 public:
  static constexpr std::uint32_t most_claims = 4;  // about one operation
  // Fills in the claims about the operation; returns how many.
  virtual std::uint32_t claims_about(const char* operation, const progress_claim* (&claims)[most_claims]) noexcept = 0;
  virtual void tried(const progress_try& one) noexcept = 0;

 protected:
  ~progress_judge() = default;
};

// Who judges in the execution in flight, until it ends; null: nobody. Outside of executions nothing happens.
void judge_progress_by(progress_judge* judge) noexcept;

}  // namespace ravel
