// SPDX-License-Identifier: MIT
// What must hold whenever nobody is in the middle of something, judged while the trial runs; until its scope ends:
//   session_cache cache;
//   const auto counted = trial.invariant("size counts entries", [&] { return cache.size() == cache.count(); });
// The first point where it does not hold is a finding; that trial goes on without it. The report says at how many
// points it was judged; at none, the verdict is undecided. Declare it after what it looks at.
// Thread safety: declared by the thread that runs the body; judged by the thread that came to a point, on its stack.
// Cost: a call at each point that is judged, plus some 150 ns (ThreadSanitizer: 700 ns); no body without one pays.
#pragma once

#include <ravel/site.hpp>

#include <concepts>
#include <exception>
#include <utility>

namespace ravel {

// Judged in any case where no thread runs: when those of a trial.run() have been joined, and at the end of the scope.
// Threads that the target keeps are not waited for: lock them out. In explore also
enum class invariant_points : unsigned char {
  between_operations,  // at points where no recorded operation is in flight (ravel/checks/linearizable.hpp,
                       // ravel/operation_in_flight.hpp); where the body records none, nobody knows of any
  every_point,         // in the middle of operations, too
};
inline constexpr invariant_points every_point = invariant_points::every_point;

struct invariant_options {
  invariant_points at = invariant_points::between_operations;
};

namespace detail {

class invariant_judge;
struct invariant_record;

// One invariant in force, in a list of them, without its type.
struct standing_invariant {
  bool (*holds)(void* predicate) = nullptr;
  void* predicate = nullptr;
  invariant_judge* judge = nullptr;    // null: it is in force nowhere
  standing_invariant* next = nullptr;  // declared before it
  invariant_record* record = nullptr;
  const char* what = "";
  site place;
  invariant_points at = invariant_points::between_operations;
  bool is_broken = false;           // in this trial: told
  bool held_last = false;           // at the point before
  unsigned long long unjudged = 0;  // points since it was last judged
};

// Ends what is in force; is_unwinding: without judging it once more, because what it looks at may not be whole.
void end_invariant(standing_invariant& ended, bool is_unwinding) noexcept;

}  // namespace detail

// The predicate changes nothing. What it reads are no points, and hidden from the tools (but for Helgrind and DRD,
// which cannot look away: there a lock that it takes orders who had it before). Where it would wait for a lock, a time
// or another thread the point is passed over, and its locks are given back. A lock that waits by spinning is left after
// 100,000 atomic operations, where those are seen (points, thread), or if it is annotated (RAVEL_LOCK_REQUESTED);
// elsewhere looking does not end, and is a hang. An exception of its is a finding. It is not judged once more at the
// end of a scope that an exception leaves.
template <std::predicate Predicate>
class [[nodiscard(
    "an invariant is in force for as long as the object that trial.invariant gives lives: const auto "
    "sizes = trial.invariant(...)")]] invariant_in_force {
 public:
  template <class Begin>
  invariant_in_force(Predicate predicate, Begin begin) : predicate_(std::move(predicate)) {
    standing_.holds = [](void* of) { return static_cast<bool>((*static_cast<Predicate*>(of))()); };
    standing_.predicate = &predicate_;
    begin(standing_);
  }
  ~invariant_in_force() { detail::end_invariant(standing_, std::uncaught_exceptions() != exceptions_); }
  invariant_in_force(const invariant_in_force&) = delete;
  invariant_in_force& operator=(const invariant_in_force&) = delete;

 private:
  Predicate predicate_;
  detail::standing_invariant standing_;
  int exceptions_ = std::uncaught_exceptions();
};

}  // namespace ravel
