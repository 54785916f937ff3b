// SPDX-License-Identifier: MIT
// See lock_graph.hpp.
#include "lock_graph.hpp"

#include "locks/class_graph.hpp"

#include <algorithm>

namespace ravel::checks {

namespace {

bool is_conflict(lock_mode one, lock_mode other) noexcept {
  return one == lock_mode::exclusive || other == lock_mode::exclusive;
}

}  // namespace

struct lock_graph::search {
  std::vector<cycle>& found;
  std::vector<std::vector<std::uint64_t>>& signatures;  // sorted
  std::vector<std::uint32_t> chain;
  std::size_t length;  // wanted
  std::uint64_t steps_left;
  bool reached = false;  // a chain of this length
};

void lock_graph::set_class(std::uint32_t lock, std::uint64_t name) {
  if (classes_.size() <= lock) classes_.resize(lock + 1, 0);
  classes_[lock] = name;
}

std::uint64_t lock_graph::class_of(std::uint32_t lock) const {
  return lock < classes_.size() && classes_[lock] != 0 ? classes_[lock] : lock;
}

std::uint32_t lock_graph::add(tuple made) {
  tuples_.push_back(std::move(made));
  return static_cast<std::uint32_t>(tuples_.size() - 1);
}

void lock_graph::index_components() {
  std::uint32_t locks = 0;
  for (const tuple& one : tuples_) {
    locks = std::max(locks, one.wanted + 1);
    for (const held_item& item : one.held) locks = std::max(locks, item.lock + 1);
  }
  std::vector<std::vector<std::uint32_t>> next(locks);
  for (const tuple& one : tuples_)
    for (const held_item& item : one.held) next[item.lock].push_back(one.wanted);
  const std::vector<std::uint32_t> component = strong_components(next);
  holders_.assign(locks, {});
  is_in_component_.assign(tuples_.size(), false);
  for (std::uint32_t i = 0; i < tuples_.size(); ++i)
    for (const held_item& item : tuples_[i].held)
      if (component[item.lock] == component[tuples_[i].wanted]) {
        is_in_component_[i] = true;
        holders_[item.lock].push_back(i);
      }
}

int lock_graph::conflict(const tuple& wanting, const tuple& holder) const noexcept {
  for (std::size_t i = 0; i < holder.held.size(); ++i)
    if (holder.held[i].lock == wanting.wanted && is_conflict(wanting.mode, holder.held[i].mode))
      return static_cast<int>(i);
  return -1;
}

// What keeps these two from waiting at the same time.
obstacle lock_graph::between(const tuple& one, const tuple& other, std::uint32_t* guard) const {
  for (const held_item& mine : one.held)
    for (const held_item& theirs : other.held)
      if (mine.lock == theirs.lock && is_conflict(mine.mode, theirs.mode)) {
        if (guard != nullptr) *guard = mine.lock;
        return obstacle::guard;
      }
  if (one.thread == other.thread) return obstacle::single_thread;
  return is_concurrent_(one.clock, other.clock) ? obstacle::none : obstacle::ordered;
}

std::vector<std::uint64_t> lock_graph::signature(const std::vector<std::uint32_t>& chain) const {
  std::vector<std::uint64_t> edges;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const tuple& wanting = tuples_[chain[i]];
    const tuple& before = tuples_[chain[(i + chain.size() - 1) % chain.size()]];
    const std::uint64_t held = class_of(before.wanted), wanted = class_of(wanting.wanted);
    edges.push_back(held * 0x9E3779B97F4A7C15ull ^ (wanted + 0x7F4A7C15ull + (held << 6)));
  }
  std::ranges::sort(edges);
  return edges;
}

// One of the chain, but the last, waits for it, too: then there is a shorter chain.
bool lock_graph::is_shortcut(const std::vector<std::uint32_t>& chain, const tuple& holder) const {
  return std::ranges::any_of(chain.begin(), chain.end() - 1,
                             [&](std::uint32_t member) { return conflict(tuples_[member], holder) >= 0; });
}

void lock_graph::extend(search& state, bool is_strict) {
  const tuple& first = tuples_[state.chain.front()];
  const tuple& last = tuples_[state.chain.back()];
  for (const std::uint32_t next : holders_[last.wanted]) {
    if (state.steps_left == 0) {
      was_capped_ = true;
      return;
    }
    --state.steps_left;
    const tuple& holder = tuples_[next];
    if (next <= state.chain.front() || conflict(last, holder) < 0 || std::ranges::count(state.chain, next) != 0 ||
        is_shortcut(state.chain, holder))
      continue;
    if (is_strict && (holder.is_timed || std::ranges::any_of(state.chain, [&](std::uint32_t member) {
                        return between(tuples_[member], holder, nullptr) != obstacle::none;
                      })))
      continue;
    state.chain.push_back(next);
    state.reached = state.reached || state.chain.size() == state.length;
    if (state.chain.size() < state.length) {
      if (conflict(holder, first) < 0) extend(state, is_strict);  // else it is closed already
    } else if (conflict(holder, first) >= 0) {
      const auto edges = signature(state.chain);
      const bool is_known =
          std::ranges::any_of(state.signatures, [&](const auto& known) { return std::ranges::includes(edges, known); });
      if (!is_known) {
        state.found.push_back({state.chain, obstacle::none, 0});
        state.signatures.push_back(edges);
      }
    }
    state.chain.pop_back();
  }
}

std::vector<lock_graph::cycle> lock_graph::cycles(std::uint64_t most_steps) {
  was_capped_ = false;
  index_components();
  std::vector<cycle> found;
  std::vector<std::vector<std::uint64_t>> signatures;
  for (const bool is_strict : {true, false}) {
    const std::size_t feasible = found.size();
    search state{found, signatures, {}, 2, most_steps};
    for (state.reached = true; state.reached && state.steps_left != 0; ++state.length) {
      state.reached = false;
      for (std::uint32_t start = 0; start < tuples_.size(); ++start) {
        if (!is_in_component_[start] || (is_strict && tuples_[start].is_timed)) continue;
        state.chain = {start};
        extend(state, is_strict);
      }
    }
    if (is_strict) continue;
    for (std::size_t i = feasible; i < found.size(); ++i) {
      cycle& one = found[i];
      for (std::size_t a = 0; a < one.tuples.size() && one.is_feasible(); ++a)
        for (std::size_t b = a + 1; b < one.tuples.size() && one.is_feasible(); ++b)
          one.kept_apart_by = between(tuples_[one.tuples[a]], tuples_[one.tuples[b]], &one.guard);
      if (one.is_feasible()) one.kept_apart_by = obstacle::time_limit;
    }
  }
  return found;
}

}  // namespace ravel::checks
