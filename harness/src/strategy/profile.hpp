// SPDX-License-Identifier: MIT
// Profile of one execution: which objects are touched, by which threads, how often, and who created whom; told so that
// it fits other executions, also in other processes. Threads are known by creation path. Objects on a thread's stack
// are known by that thread and the distance from the stack's high end, static ones by address. Those on the heap are
// known by who touches them first: the how-manieth object it is at that place in the code, and for memory of that
// thread; an address would depend on what was allocated before. What is freed and handed out again within an execution
// counts as the same object. Memory and synchronisation objects are both objects; memory counts by the first byte of
// the access. An ordinal follows from the order of first sight, never from an address. Lives in zeroed shared memory.
// Not thread safe. Cost: one or two hash probes an event.
#pragma once

#include "engine/controlled_thread.hpp"
#include "fixed_map.hpp"

#include <cstdint>

namespace ravel::detail {

// Whether the order of such events among threads is a thing to choose: not where the event only tells what has
// happened.
[[nodiscard]] constexpr bool is_orderable(operation what) noexcept {
  switch (what) {
    case operation::none:
    case operation::start:
    case operation::exit:
    case operation::unlock:
    case operation::create:
    case operation::join:
    case operation::yield:
    case operation::sleep:
    case operation::clock: return false;
    default: return true;
  }
}

// Where an object is, in any execution.
struct object_place {
  enum kind : std::uint32_t { on_stack, in_module, on_heap };
  kind is;
  std::uint64_t owner;  // on_stack: the thread's creation path
  std::uint64_t where;  // distance from the stack's high end, address, or a hash of the first touch
  [[nodiscard]] bool operator==(const object_place&) const noexcept = default;
};

class profile {
 public:
  static constexpr std::uint32_t most_objects = 1u << 13;
  static constexpr std::uint32_t most_threads = 1u << 11;
  static constexpr std::uint32_t none = ~0u;

  struct object {
    object_place place;
    std::uint32_t threads;  // that touched it
    std::uint32_t changes;  // events that do not only read it
    std::uint64_t events;
  };
  struct thread {
    std::uint64_t path;
    std::uint32_t parent;  // ordinal; its own for the first
  };

  profile() noexcept {}  // NOLINT: leaves the pages untouched

  void forget() noexcept;
  void thread_created(const controlled_thread& parent, controlled_thread& child) noexcept;
  // The thread does its pending event. The object's ordinal; none if the event has none that counts.
  std::uint32_t note(const controlled_thread& thread) noexcept;
  // Whether the object of the thread's pending event, whether touched before or not, is the one on the heap.
  [[nodiscard]] bool is_at_heap_place(const controlled_thread& thread, const object_place& place) noexcept;

  [[nodiscard]] std::uint32_t object_count() const noexcept { return object_count_; }
  [[nodiscard]] const object& object_at(std::uint32_t ordinal) const noexcept { return objects_[ordinal]; }
  [[nodiscard]] bool is_shared(std::uint32_t ordinal) const noexcept {
    return objects_[ordinal].threads > 1 && objects_[ordinal].changes != 0;
  }
  [[nodiscard]] std::uint32_t thread_count() const noexcept { return thread_count_; }
  [[nodiscard]] const thread& thread_at(std::uint32_t ordinal) const noexcept { return threads_[ordinal]; }
  [[nodiscard]] std::uint32_t thread_of(std::uint64_t path) noexcept;  // none: unknown
  [[nodiscard]] std::uint32_t events_of(std::uint32_t object, std::uint32_t thread) noexcept;
  // Something did not fit.
  [[nodiscard]] bool is_cut() const noexcept { return is_cut_; }

 private:
  [[nodiscard]] object_place place_of_other(const controlled_thread& by) noexcept;
  // Whose stack may be another's by now.
  [[nodiscard]] bool is_of_ended_thread(const object_place& place) noexcept;
  [[nodiscard]] bool is_on_a_stack(const void* object, object_place& place) const noexcept;
  [[nodiscard]] std::uint32_t* ordinal_at(const object_place& place) noexcept;
  [[nodiscard]] std::uint32_t ordinal_of(const controlled_thread& by) noexcept;

  std::uint32_t object_count_;
  std::uint32_t thread_count_;
  bool is_cut_;
  object objects_[most_objects];
  thread threads_[most_threads];
  const controlled_thread* alive_[most_threads];           // of this execution, by ordinal
  fixed_map<std::uint32_t, most_objects * 2> by_address_;  // ordinal + 1; not what is on the toucher's own stack
  fixed_map<std::uint32_t, most_objects * 2> by_place_;    // ordinal + 1
  fixed_map<std::uint32_t, most_objects * 2> first_;       // how many objects were touched first by such an event
  fixed_map<std::uint32_t, most_threads * 2> by_path_;     // ordinal + 1
  fixed_map<std::uint32_t, 1u << 15> touches_;             // object and thread: events
};

// The ordinal of a thread in the profile of the execution in flight, kept in its last strategy word.
[[nodiscard]] inline std::uint32_t profiled_ordinal(const controlled_thread& thread) noexcept {
  return static_cast<std::uint32_t>(thread.strategy_word[3]) - 1;
}

// Whether the object is on this thread's stack.
[[nodiscard]] inline bool is_on_stack_of(const controlled_thread& thread, const void* object) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(object);
  // Before its first event a thread's record may still hold another's bounds.
  if (thread.record == nullptr || (thread.events == 0 && thread.index != 0)) return false;
  return address >= thread.record->stack_low && address < thread.record->stack_high;
}

}  // namespace ravel::detail
