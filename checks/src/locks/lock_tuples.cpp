// SPDX-License-Identifier: MIT
// The part of lock_recorder that remembers "held these, then wanted that". What is held is a chain of nodes,
// one for each lock on top of those below it, stored once; so a tuple costs the same whether 2 or 2000 locks
// are held. A thread's caches answer for tuples that it has stored before.
#include "lock_recorder.hpp"

namespace ravel::checks {

namespace {

// The whole stack of an acquisition of the calling thread: the kept frames, and above them those of frames
// that are still there.
void walk_whole_stack(lock_memory& memory, const acquisition& taken, const thread_record& record,
                      raw_stack& into) noexcept {
  lock_recorder::kept_stack(taken, into);
  if (taken.next_frame == 0) return;
  const std::uintptr_t low = record.stack_low, high = record.stack_high - 16;
  auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  while (frame < taken.next_frame && frame - low < high - low) {
    const std::uintptr_t above = *reinterpret_cast<const std::uintptr_t*>(frame);
    if (above <= frame) return;
    frame = above;
  }
  const bool is_there =
      frame == taken.next_frame && reinterpret_cast<const std::uintptr_t*>(frame)[1] == taken.next_return;
  if (!is_there) {
    if (taken.depth == 1) memory.note_early_return(taken.pc[0]);
    return;
  }
  while (into.depth < raw_stack::max_depth && frame - low < high - low && frame % 8 == 0) {
    const auto* words = reinterpret_cast<const std::uintptr_t*>(frame);
    if (words[1] < 4096) return;
    into.pc[into.depth++] = words[1];
    if (words[0] <= frame) return;
    frame = words[0];
  }
}

void whole_stack(lock_memory& memory, const acquisition& taken, const thread_record& record, raw_stack& into) noexcept {
  walk_whole_stack(memory, taken, record, into);
  drop_garbage(into);
}

std::uint64_t hash_of(const void* pointer) noexcept {
  return reinterpret_cast<std::uintptr_t>(pointer) * 0x9E3779B97F4A7C15ull >> 32;
}

template <class Area>
std::int64_t stored_node(Area& area, lock_memory& memory, std::uint64_t hash, const held_node& wanted) noexcept {
  const auto is_same = [&](const held_node& other) {
    return other.below == wanted.below && other.instance == wanted.instance && other.thread == wanted.thread &&
           other.mode == wanted.mode;
  };
  const std::int64_t found = area.nodes.find(hash, is_same);
  if (found >= 0 || wanted.stack == 0) return found;
  spin_guard guard(memory.lock);
  if (area.nodes.is_full()) {
    memory.lost.fetch_add(1, std::memory_order_relaxed);
    return -1;
  }
  area.nodes.next() = wanted;
  return area.nodes.publish(hash);
}

template <class Area>
void store_tuple(Area& area, lock_memory& memory, std::uint64_t hash, const lock_tuple& wanted) noexcept {
  spin_guard guard(memory.lock);
  if (area.tuples.is_full()) {
    memory.lost.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  lock_tuple& fresh = area.tuples.next();
  fresh.held = wanted.held;
  fresh.wanted = wanted.wanted;
  fresh.clock = wanted.clock;
  fresh.stack = wanted.stack;
  fresh.trial = wanted.trial;
  fresh.mode = wanted.mode;
  fresh.is_attempt = wanted.is_attempt;
  fresh.is_timed = wanted.is_timed;
  area.tuples.publish(hash);
}

}  // namespace

std::uint32_t lock_recorder::stack_reference(const raw_stack& stack) noexcept {
  const std::uint64_t hash = mix_stack(stack.depth, stack, raw_stack::max_depth);
  const auto is_same = [&](const raw_stack& other) {
    if (other.depth != stack.depth) return false;
    for (std::uint32_t i = 0; i < stack.depth; ++i)
      if (other.pc[i] != stack.pc[i]) return false;
    return true;
  };
  if (const std::int64_t found = memory_->stacks.find(hash, is_same); found >= 0)
    return static_cast<std::uint32_t>(found) + 1;
  spin_guard guard(memory_->lock);
  if (memory_->stacks.is_full()) {
    memory_->lost.fetch_add(1, std::memory_order_relaxed);
    return 1;  // some stack: the tuple counts all the same
  }
  raw_stack& fresh = memory_->stacks.next();
  fresh.depth = stack.depth;
  for (std::uint32_t i = 0; i < stack.depth; ++i) fresh.pc[i] = stack.pc[i];
  return memory_->stacks.publish(hash) + 1;
}

void lock_recorder::remember(thread_record& record, lock_state& state, const lock_event& event,
                             bool by_tables) noexcept {
  if (state.clock == 0) return;
  const reference held = top_node(record, state);
  if (held == 0) return;
  const std::uint32_t retirements = memory_->retirements.load(std::memory_order_relaxed);
  known_tuple& known = state.known_tuples[(hash_of(event.lock) ^ held) % lock_state::tuple_cache_size];
  if (known.lock == event.lock && known.held == held && known.clock == state.clock && known.mode == event.mode &&
      known.request == event.request && known.retirements == retirements)
    return;
  raw_stack site;
  capture_from(site, event.pc, by_tables);
  const reference wanted = instance_at(record, state, event.lock, event.kind, event.class_name, &site);
  if (wanted == 0) return;
  add_tuple(state, event, held, wanted, site);
  known.lock = event.lock;
  known.held = held;
  known.clock = state.clock;
  known.mode = event.mode;
  known.request = event.request;
  known.retirements = memory_->retirements.load(std::memory_order_relaxed);
}

void lock_recorder::add_tuple(lock_state& state, const lock_event& event, reference held, reference wanted,
                              const raw_stack& site) noexcept {
  lock_tuple tuple{held,
                   wanted,
                   state.clock,
                   0,
                   run_->trial(),
                   event.mode,
                   event.request == request_kind::attempt,
                   event.request == request_kind::timed};
  const std::uint64_t hash = mix(mix(mix(held, wanted), state.clock), static_cast<std::uint64_t>(event.mode) << 8 |
                                                                          static_cast<std::uint64_t>(event.request));
  const auto is_same = [&](const lock_tuple& other) {
    return other.held == held && other.wanted == wanted && other.clock == tuple.clock && other.mode == tuple.mode &&
           other.is_attempt == tuple.is_attempt && other.is_timed == tuple.is_timed;
  };
  const bool is_for_trial = is_of_trial(held) || is_of_trial(wanted);
  if ((is_for_trial ? memory_->of_trial.tuples.find(hash, is_same) : memory_->kept.tuples.find(hash, is_same)) >= 0)
    return;
  tuple.stack = stack_reference(site);
  if (is_for_trial)
    store_tuple(memory_->of_trial, *memory_, hash, tuple);
  else
    store_tuple(memory_->kept, *memory_, hash, tuple);
}

reference lock_recorder::top_node(thread_record& record, lock_state& state) noexcept {
  reference below = state.nodes_known == 0 ? 0 : state.taken_at(state.nodes_known - 1).node;
  for (std::uint32_t i = state.nodes_known; i < state.count; ++i) {
    below = add_node(record, state, i, below);
    if (below == 0) return 0;
    state.nodes_known = i + 1;
  }
  return below;
}

reference lock_recorder::add_node(thread_record& record, lock_state& state, std::uint32_t position,
                                  reference below) noexcept {
  held_lock& held = state.held_at(record, position);
  acquisition& taken = state.taken_at(position);
  const std::uint32_t retirements = memory_->retirements.load(std::memory_order_relaxed);
  known_node& known = state.known_nodes[(hash_of(held.lock) ^ below) % lock_state::node_cache_size];
  if (known.lock == held.lock && known.below == below && known.retirements == retirements &&
      known.thread == state.identity && known.mode == held.mode) {
    taken.instance = known.instance;
    return taken.node = known.node;
  }
  raw_stack stack;
  stack.depth = 0;
  if (taken.instance == 0) {
    whole_stack(*memory_, taken, record, stack);
    taken.instance = instance_at(record, state, held.lock, held.kind, taken.class_name, &stack);
    if (taken.instance == 0) return 0;
  }
  held.instance = taken.instance;
  held_node wanted{below, taken.instance, state.identity, 0, held.mode};
  const std::uint64_t hash =
      mix(mix(mix(below, taken.instance), state.identity), static_cast<std::uint64_t>(held.mode));
  const bool is_for_trial = is_of_trial(below) || is_of_trial(taken.instance);
  const auto look_up = [&]() noexcept {
    return is_for_trial ? stored_node(memory_->of_trial, *memory_, hash, wanted)
                        : stored_node(memory_->kept, *memory_, hash, wanted);
  };
  std::int64_t found = look_up();
  if (found < 0) {
    if (stack.depth == 0) whole_stack(*memory_, taken, record, stack);
    wanted.stack = stack_reference(stack);
    found = look_up();
    if (found < 0) return 0;
  }
  taken.node = (static_cast<reference>(found) + 1) | (is_for_trial ? trial_bit : 0);
  known = {held.lock,      below,    taken.node, taken.instance, memory_->retirements.load(std::memory_order_relaxed),
           state.identity, held.mode};
  return taken.node;
}

}  // namespace ravel::checks
