// SPDX-License-Identifier: MIT
// Lock graph: of tuples "held these, then wanted that", which can close a cycle of threads that wait for each
// other, and if none can today, what keeps them from it.
// Pure: no input or output, no addresses, no threads. Not thread safe. add: O(locks held). cycles: O(tuples +
// edges) for the components, then a search of ever longer chains inside each, capped and said so.
// Source: Havelund 2000 (GoodLock), Joshi et al. 2009 (iGoodLock). Differs: reader-writer modes, vector
// clocks, guards and other obstacles are named instead of silently cutting the search.
#pragma once

#include <ravel/thread_record.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace ravel::checks {

enum class obstacle : std::uint8_t { none, guard, single_thread, ordered, time_limit };

class lock_graph {
 public:
  struct held_item {
    std::uint32_t lock;
    lock_mode mode;
  };
  struct tuple {
    std::uint32_t thread;
    std::uint32_t clock;
    std::uint32_t wanted;
    lock_mode mode;
    bool is_timed;
    std::vector<held_item> held;  // from the first taken
  };
  struct cycle {
    std::vector<std::uint32_t> tuples;  // each wants what the next one holds, the last what the first holds
    obstacle kept_apart_by = obstacle::none;
    std::uint32_t guard = 0;  // when kept apart by a guard: which lock
    [[nodiscard]] bool is_feasible() const noexcept { return kept_apart_by == obstacle::none; }
  };

  // is_concurrent(clock, clock): neither moment happens before the other.
  explicit lock_graph(std::function<bool(std::uint32_t, std::uint32_t)> is_concurrent)
      : is_concurrent_(std::move(is_concurrent)) {}

  // The class of lock number `lock`; a lock not named is a class of its own.
  void set_class(std::uint32_t lock, std::uint64_t name);
  std::uint32_t add(tuple made);

  // One cycle for each set of classes, shortest first, feasible ones before the others; a cycle that contains
  // the edges of one found already is left out.
  [[nodiscard]] std::vector<cycle> cycles(std::uint64_t most_steps = 1'000'000);

  [[nodiscard]] const tuple& at(std::uint32_t index) const { return tuples_[index]; }
  [[nodiscard]] std::size_t size() const noexcept { return tuples_.size(); }
  // The last search ended before it had seen every chain.
  [[nodiscard]] bool was_capped() const noexcept { return was_capped_; }
  // Which of the held locks of `holder` the tuple `wanting` waits for, in a conflicting mode; -1: none.
  [[nodiscard]] int conflict(const tuple& wanting, const tuple& holder) const noexcept;

 private:
  struct search;

  void index_components();
  [[nodiscard]] bool is_shortcut(const std::vector<std::uint32_t>& chain, const tuple& holder) const;
  void extend(search& state, bool is_strict);
  [[nodiscard]] obstacle between(const tuple& one, const tuple& other, std::uint32_t* guard) const;
  [[nodiscard]] std::vector<std::uint64_t> signature(const std::vector<std::uint32_t>& chain) const;
  [[nodiscard]] std::uint64_t class_of(std::uint32_t lock) const;

  std::function<bool(std::uint32_t, std::uint32_t)> is_concurrent_;
  std::vector<tuple> tuples_;
  std::vector<std::uint64_t> classes_;
  std::vector<std::vector<std::uint32_t>> holders_;  // by lock: tuples in a component that hold it
  std::vector<bool> is_in_component_;                // by tuple
  bool was_capped_ = false;
};

}  // namespace ravel::checks
