// SPDX-License-Identifier: MIT
// See ravel/checks/recorded.hpp: calls as they come, on the target's own threads. No lock, no allocation but from the
// run's shared memory, no order between threads. Cost: some 50 ns a call.
#include "linearizable_area.hpp"

#include "judge_calls.hpp"
#include "processor/processor.hpp"

#include <ravel/alone.hpp>
#include <ravel/observer.hpp>
#include <ravel/usage_error.hpp>

#include <new>

namespace ravel::checks::detail {

namespace {

// One for each thread at a time: a result is written between two calls.
[[gnu::tls_model("initial-exec")]] thread_local text_writer writer;

log_chunk* new_chunk(linearizable_area& area) noexcept {
  const std::uint64_t number = area.chunks_used.fetch_add(1, std::memory_order_relaxed);  // relaxed: gives out numbers
  if (number >= linearizable_area::chunk_count) return nullptr;
  area.chunks[number].next = nullptr;  // an earlier process may have used it
  return &area.chunks[number];
}

// 16-byte aligned; nullptr: none is left, or it is larger than a chunk.
void* room_in(linearizable_area& area, call_log& log, std::size_t bytes) noexcept {
  bytes = (bytes + 15) / 16 * 16;
  if (bytes > sizeof(log_chunk::memory)) return nullptr;
  if (log.chunk == nullptr || log.chunk->used + bytes > sizeof(log_chunk::memory)) {
    log_chunk* next = log.chunk == nullptr ? log.first_chunk : log.chunk->next;
    if (next == nullptr) {
      next = new_chunk(area);
      if (next == nullptr) return nullptr;
      (log.chunk == nullptr ? log.first_chunk : log.chunk->next) = next;
    }
    next->used = 0;
    log.chunk = next;
  }
  void* place = log.chunk->memory + log.chunk->used;
  log.chunk->used += bytes;
  return place;
}

call_log* log_of(linearizable_area& area, recorder& to, const thread_record& self) noexcept {
  if (self.slot >= recorder::most_threads) return nullptr;
  call_log*& log = to.logs[self.slot];
  if (log == nullptr) {
    log_chunk* chunk = new_chunk(area);
    if (chunk == nullptr) return nullptr;
    log = new (chunk->memory) call_log{};
    std::uint32_t used = to.slots_used.load(std::memory_order_relaxed);  // relaxed: read after a join
    while (used <= self.slot && !to.slots_used.compare_exchange_weak(used, self.slot + 1, std::memory_order_relaxed)) {
    }
  }
  return log;
}

bool is_same(const fixed_text<48>& a, const fixed_text<48>& b) noexcept {
  const char *one = a.c_str(), *other = b.c_str();
  while (*one != '\0' && *one == *other) ++one, ++other;
  return *one == *other;
}

recorder* free_recorder(linearizable_area& area) noexcept {
  for (recorder& one : area.recorder_of)
    if (!one.is_taken) return &one;
  return nullptr;
}

std::uint64_t now_before(recorder& of, const linearizable_area& area) noexcept {
  if (of.is_controlled) return ++of.clock;
  if (area.stamps.kind == stamping::steady_counter) return counter_before();
  return of.shared_clock.fetch_add(1);
}
std::uint64_t now_after(recorder& of, const linearizable_area& area) noexcept {
  if (of.is_controlled) return ++of.clock;
  if (area.stamps.kind == stamping::steady_counter) return counter_after();
  return of.shared_clock.fetch_add(1);
}

}  // namespace

recording::recording(trial& /*trial*/, const char* type, const linearizable_options& options, site place)
    : recorder_(nullptr), options_(options), type_(type), place_(place) {
  linearizable_area* area = area_of_calls();
  if (area == nullptr) return;
  recorder_ = free_recorder(*area);
  if (recorder_ == nullptr)
    throw usage_error(
        "more than 8 ravel::checks::linearizable at once in one trial, or some were left behind: let each go out of "
        "scope when the threads that call through it have been joined.");
  recorder_->is_taken = recorder_->is_touched = true;
  recorder_->is_controlled = is_under_control();
  recorder_->has_lost = false;
  recorder_->clock = 0;
  if (recorder_->is_controlled || area->stamps.kind != stamping::unknown) return;
  const apart hidden;
  measure_stamps(area->stamps, current_run()->is_under_valgrind());
}

recording::~recording() {
  linearizable_area* area = area_of_calls();
  if (recorder_ == nullptr || area == nullptr) return;
  const apart hidden;
  bool is_in_use = false;  // by a thread that is still in a call; then its log stays as it is
  for (std::uint32_t i = 0; i < recorder_->slots_used; ++i) {
    const call_log* log = recorder_->logs[i];
    if (log == nullptr) continue;
    for (recorded_call* one = log->first; one != nullptr; one = one->next) {
      if (one->returned.load(std::memory_order_relaxed) == call::never)
        is_in_use = true;  // relaxed: it has been joined
      else
        one->how->destroy(one->stored());
    }
  }
  for (std::uint32_t i = 0; i < recorder_->slots_used; ++i) {
    call_log*& log = recorder_->logs[i];
    if (log == nullptr) continue;
    if (is_in_use)
      log = nullptr;
    else
      log->first = log->last = nullptr, log->chunk = nullptr, log->thread = nullptr;
  }
  recorder_->is_taken = false;
}

bool recording::leaves_out_next() const noexcept { return options_.leaves_out_calls && is_next_call_left_out(false); }

recorded_call* recording::open(const char* name, const repeatable& how, std::size_t bytes) noexcept {
  linearizable_area* area = area_of_calls();
  const thread_record* self = this_thread();
  if (recorder_ == nullptr || area == nullptr || self == nullptr) return nullptr;
  call_log* log = log_of(*area, *recorder_, *self);
  if (log != nullptr && (log->thread == nullptr || !is_same(*log->thread, self->name))) {
    log->thread = static_cast<fixed_text<48>*>(room_in(*area, *log, sizeof(fixed_text<48>)));
    if (log->thread != nullptr) copy_bytes(log->thread, &self->name, sizeof self->name);
  }
  void* room = log == nullptr || log->thread == nullptr ? nullptr : room_in(*area, *log, sizeof(recorded_call) + bytes);
  if (room == nullptr) {
    recorder_->has_lost = true;
    return nullptr;
  }
  auto* call = static_cast<recorded_call*>(room);
  call->next = nullptr;
  call->name = name;
  call->how = &how;
  call->thread = log->thread;
  call->log = log;
  call->result = {};
  call->bytes = bytes;
  call->returned.store(checks::call::never, std::memory_order_relaxed);  // relaxed: read after a join
  call->invoked = checks::call::never;
  (log->last == nullptr ? log->first : log->last->next) = call;
  log->last = call;
  return call;
}

void* recording::stored_in(recorded_call& call) noexcept { return call.stored(); }

void recording::invoked(recorded_call& call) noexcept { call.invoked = now_before(*recorder_, *area_of_calls()); }

value_writer& recording::returned(recorded_call& call) noexcept {
  call.returned.store(now_after(*recorder_, *area_of_calls()), std::memory_order_relaxed);  // relaxed: as above
  writer.clear();
  return writer;
}

void recording::closed(recorded_call& call) noexcept {
  call.result = writer.written();
  const std::string_view text = call.result.text;
  if (text.empty()) return;
  auto* kept = static_cast<char*>(room_in(*area_of_calls(), *call.log, text.size()));
  if (kept == nullptr) {
    recorder_->has_lost = true;
    call.result.text = {};
    return;
  }
  copy_bytes(kept, text.data(), text.size());
  call.result.text = {kept, text.size()};
}

void recording::check(const model_maker& maker) noexcept {
  linearizable_area* area = area_of_calls();
  if (recorder_ == nullptr || area == nullptr || !options_.is_judged) return;
  const apart hidden;
  judge_calls(*area, *recorder_, maker, options_, type_, place_);
}

}  // namespace ravel::checks::detail
