// SPDX-License-Identifier: MIT
// See trace.hpp. The value of an access is known when its thread comes to its next event: nobody else ran between.
#include "trace.hpp"

#include "base/stack.hpp"
#include "strategy/default_choice.hpp"

#include <ravel/finding.hpp>
#include <ravel/thread_record.hpp>

#include <sys/syscall.h>
#include <sys/uio.h>

namespace ravel::detail {

namespace {

constexpr std::uint32_t own_frames = 4;  // about_to, tell_listeners, tell_about, look

// The memory may be gone; then false.
bool copy_carefully(std::int64_t process, void* to, const void* from, std::size_t bytes) noexcept {
  const iovec here{to, bytes};
  const iovec there{const_cast<void*>(from), bytes};
  return system_call(SYS_process_vm_readv, process, reinterpret_cast<long>(&here), 1, reinterpret_cast<long>(&there),
                     1) == static_cast<long>(bytes);
}

// Points that come after what they tell of; a wait has begun. The others come before it.
bool is_done_at_its_point(operation what) noexcept {
  switch (what) {
    case operation::start:
    case operation::exit:
    case operation::unlock:
    case operation::wait:
    case operation::signal:
    case operation::broadcast:
    case operation::create:
    case operation::release:
    case operation::yield:
    case operation::sleep: return true;
    default: return false;
  }
}

}  // namespace

void trace::clear() noexcept {
  for (std::uint32_t i = 0; i < thread_count; ++i) threads[i].path = 0;
  block_count = event_count = decision_count = thread_count = call_count = lost = oddities = 0;
  held_up = 0;
}

void tracer::start(trace& into) noexcept {
  trace_ = &into;
  into.clear();
  has_ended_ = false;
  process_ = 0;
  for (std::uint32_t& last : last_) last = 0;
}

void tracer::see(const controlled_thread& thread) noexcept {
  traced_thread& known = trace_->threads[thread.index];
  if (known.path == thread.path && !known.name.empty()) return;  // it gets its name when it starts
  for (; trace_->thread_count <= thread.index; ++trace_->thread_count) trace_->threads[trace_->thread_count].path = 0;
  known.path = thread.path;
  known.parent = thread.parent;
  known.nth_child = thread.nth_child;
  known.name.clear();
  known.stack_low = thread.record == nullptr ? 0 : thread.record->stack_low;
  known.stack_high = thread.record == nullptr ? 0 : thread.record->stack_high;
  if (thread.record != nullptr) known.name.add(thread.record->name.c_str());
}

void tracer::read_value_of_last(const controlled_thread& thread) noexcept {
  if (last_[thread.index] == 0) return;
  traced_event& last = trace_->events[last_[thread.index] - 1];
  if (!is_access(last.what) || last.bytes == 0 || last.bytes > 8 || (last.bytes & (last.bytes - 1)) != 0) return;
  if (process_ == 0) process_ = system_call(SYS_getpid);
  last.value = 0;
  last.has_value = copy_carefully(process_, &last.value, last.object, last.bytes);
}

void tracer::about_to(const controlled_thread& thread, std::uint64_t) noexcept {
  if (has_ended_) return;
  see(thread);
  note_world();
  read_value_of_last(thread);
  last_[thread.index] = 0;
  if (trace_->event_count == trace::most_events) {
    ++trace_->lost;
    return;
  }
  traced_event& event = trace_->events[trace_->event_count++];
  last_[thread.index] = trace_->event_count;
  event.thread = thread.index;
  event.done = 2 * trace_->event_count;
  event.what = thread.pending.what;
  event.has_value = false;
  event.bytes = thread.pending.bytes;
  event.event = thread.events;
  event.object = thread.pending.object;
  event.pc = thread.pending.pc;
  raw_stack stack;
  std::uintptr_t frames[raw_stack::max_depth];
  capture_frames(stack, frames, own_frames);
  event.callers = stack.depth < traced_event::most_callers ? stack.depth : traced_event::most_callers;
  for (std::uint32_t i = 0; i < event.callers; ++i) {
    event.caller[i] = stack.pc[i];
    event.frame[i] = frames[i];
  }
}

void tracer::begins() noexcept { hear_heap(this); }
void tracer::ends() noexcept { hear_heap(nullptr); }

namespace {

std::uint32_t copy_callers(std::uintptr_t (&to)[traced_block::most_callers]) noexcept {
  raw_stack stack;
  capture_stack(stack);
  improve_by_unwinding(stack, 0);  // allocators are built without frame pointers
  const std::uint32_t count = stack.depth < traced_block::most_callers ? stack.depth : traced_block::most_callers;
  for (std::uint32_t i = 0; i < count; ++i) to[i] = stack.pc[i];
  return count;
}

std::uint32_t running_thread() noexcept { return control.running == nullptr ? 0 : control.running->index; }

}  // namespace

void tracer::made(const void* memory, std::size_t bytes) noexcept {
  if (trace_ == nullptr || trace_->block_count == trace::most_blocks) return;
  traced_block& block = trace_->blocks[trace_->block_count++];
  block.begin = memory;
  block.bytes = bytes;
  block.made_after = trace_->event_count;
  block.freed_after = traced_block::never;
  block.made_by = running_thread();
  block.freers = 0;
  block.makers = copy_callers(block.maker);
}

void tracer::freed(const void* memory) noexcept {
  if (trace_ == nullptr) return;
  for (std::uint32_t i = trace_->block_count; i-- > 0;) {
    traced_block& block = trace_->blocks[i];
    if (block.begin != memory) continue;
    if (block.freed_after != traced_block::never) return;
    block.freed_after = trace_->event_count;
    block.freed_by = running_thread();
    block.freers = copy_callers(block.freer);
    return;
  }
}

void tracer::add(const traced_decision& made) noexcept {
  if (trace_->decision_count == trace::most_decisions) {
    ++trace_->lost;
    return;
  }
  trace_->decisions[trace_->decision_count++] = made;
}

void tracer::note_world() noexcept {
  trace_->oddities = the_execution().oddities();
  trace_->held_up = the_execution().held_up();
}

void tracer::chose(const choice& at, const controlled_thread& next) noexcept {
  if (has_ended_) return;
  note_world();
  if (at.self->state == standing::done) {
    read_value_of_last(*at.self);
    last_[at.self->index] = 0;
  }
  if (const std::uint32_t last = last_[next.index]; &next != at.self && last != 0)
    if (traced_event& event = trace_->events[last - 1]; !is_done_at_its_point(event.what))
      event.done = 2 * trace_->event_count + 1;
  if (&next == default_choice(at)) return;
  see(*at.self);
  see(next);
  add({at.self->index, next.index, at.self->events,
       at.self_can_go_on ? decision_kind::at_point : decision_kind::forced});
}

void tracer::optional_call(const controlled_thread& thread, bool is_free) noexcept {
  if (has_ended_ || trace_->call_count == trace::most_calls) return;  // those are made in any case
  see(thread);
  trace_->calls[trace_->call_count++] = {thread.path, thread.optional_calls, thread.events, is_free};
}

void tracer::picked(std::uint32_t which, std::uint32_t, std::uint64_t) noexcept {
  if (has_ended_) return;
  note_world();
  if (which == 0 || control.running == nullptr) return;
  see(*control.running);
  add({control.running->index, which, control.running->events, decision_kind::pick});
}

}  // namespace ravel::detail
