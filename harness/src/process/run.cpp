// SPDX-License-Identifier: MIT
// See run.hpp.
#include "run.hpp"

#include "base/affinity.hpp"
#include "bridge/hidden_memory.hpp"
#include "intercept/library_code.hpp"
#include "intercept/new_process.hpp"
#include "record/batch_process.hpp"
#include "record/made_processes.hpp"
#include "workers/noise.hpp"

#include <ravel/usage_error.hpp>

#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace ravel::detail {

namespace {

run* run_in_flight = nullptr;

using make_observer = std::unique_ptr<observer> (*)();
std::vector<make_observer>& permanent_observers() {
  static std::vector<make_observer> makers;
  return makers;
}
std::vector<check_entry>& checks() {
  static std::vector<check_entry> entries;
  return entries;
}

// A process that the target forks is not part of the run: what happens there is the target's affair.
void forget_run_in_forked_process() {
  if (!is_in_batch()) return;
  leave_batch();
  unpin();
  if (run_in_flight != nullptr) run_in_flight->kind.forget();
  leave_shared_run();
  listening_run = nullptr;
  set_lock_observer(nullptr);
}

void note_fork_in_parent() {
  if (run_in_flight != nullptr) run_in_flight->kind.has_forked();
}

void* map_shared(std::size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    throw std::runtime_error("cannot map " + std::to_string(bytes >> 20) + " MiB of shared memory for the run");
  hide_memory_from_tools(memory, bytes);
  return memory;
}

}  // namespace

run::run(const run_options& given, const environment& environment, mode& mode)
    : options(given), asked(environment), kind(mode) {
  if (run_in_flight != nullptr)
    throw usage_error(
        "a run is in flight already: a run inside the body of another one cannot work; declare the "
        "threads in the outer body with trial.threads(...) instead.");
  shared = static_cast<shared_run*>(map_shared(sizeof(shared_run)));
  map_made_processes();
  run_in_flight = this;
  listening_run = this;
  set_current_run(this);
  set_current_shared_run(shared);
  learn_library_ranges();  // here, once, rather than in each process that runs trials
  static const int registered = pthread_atfork(nullptr, note_fork_in_parent, forget_run_in_forked_process);
  fork_hooks = {note_fork_in_parent, forget_run_in_forked_process};
  static_cast<void>(registered);
}

run::~run() {
  set_lock_observer(nullptr);
  observers.clear();
  run_in_flight = nullptr;
  listening_run = nullptr;
  set_current_run(nullptr);
  set_current_shared_run(nullptr);
  for (const auto& [memory, bytes] : areas_) {
    forget_hidden_memory(memory);
    munmap(memory, bytes);
  }
  forget_hidden_memory(shared);
  munmap(shared, sizeof(shared_run));
}

// relaxed: numbers; what they number is published by other means
std::uint64_t run::trial() const noexcept { return shared->control.trial.load(std::memory_order_relaxed); }
std::uint64_t run::trials_completed() const noexcept {
  return shared->control.trials_completed.load(std::memory_order_relaxed);
}
std::uint32_t run::thread_count() const noexcept { return shared->threads.slots_used.load(std::memory_order_relaxed); }
bool run::is_under_valgrind() const noexcept { return detail::is_under_valgrind(); }
void run::end_batch_after_this_trial() noexcept {
  if (!is_again) shared->control.ends_batch.store(1);
}
void run::death_is_reported() noexcept { shared->control.death_is_noted.store(1); }

void* run::shared_memory(std::size_t bytes) {
  if (!accepts_areas) throw std::logic_error("shared_memory is to be called in run_started");
  areas_.emplace_back(map_shared(bytes), bytes);
  return areas_.back().first;
}

void run::make_observers() {
  for (const std::string& name : options.without) {
    if (name == nondeterminism_check || std::ranges::find(checks(), name, &check_entry::name) != checks().end())
      continue;
    std::string known;
    for (const check_entry& entry : checks()) known += (known.empty() ? "" : ", ") + std::string(entry.name);
    throw usage_error("without \"" + name + "\": there is no such check; the checks are " +
                      (known.empty() ? "none, as Ravel::checks is not linked" : known) + ".");
  }
  for (const make_observer make : permanent_observers()) observers.push_back(make());
  for (const check_entry& entry : checks())
    if (std::ranges::find(options.without, entry.name) == options.without.end()) observers.push_back(entry.make());
  ++starts_;
  accepts_areas = true;
  tell([&](observer& one) { one.run_started(*this); });
  accepts_areas = false;
}

void run::start_afresh() {
  // The parent's: they are not to end here. Kept where LeakSanitizer finds them.
  static auto* const of_parent = new std::vector<std::unique_ptr<observer>>;
  for (auto& one : observers) of_parent->push_back(std::move(one));
  observers.clear();
  areas_.clear();
  set_lock_observer(nullptr);
  const module_table& known = shared->modules;
  shared = static_cast<shared_run*>(map_shared(sizeof(shared_run)));
  set_current_shared_run(shared);
  const std::uint32_t count = known.count.load();
  for (std::uint32_t i = 0; i < count; ++i) shared->modules.entries[i] = known.entries[i];
  shared->modules.count.store(count);
  make_observers();
}

run* current_run_object() noexcept { return run_in_flight; }

void add_permanent_observer(make_observer make) { permanent_observers().push_back(make); }

void run::thread_started(thread_record& record) noexcept {
  if (record.kind != thread_kind::body) noise_begins();
  if (record.kind != thread_kind::worker)                                      // trial.run() counts those, all at once
    shared->control.threads_in_trial.fetch_add(1, std::memory_order_relaxed);  // relaxed: read when they have ended
  tell([&](observer& one) { one.thread_started(*this, record); });
}

void run::thread_ended(thread_record& record) noexcept {
  tell_in_reverse([&](observer& one) { one.thread_ended(*this, record); });
}

void run::name_made(const name_event& made) noexcept {
  tell([&](observer& one) { one.name_made(*this, made); });
}

}  // namespace ravel::detail

namespace ravel {

bool register_check(const check_entry& entry) {
  detail::checks().push_back(entry);
  return true;
}

const std::vector<check_entry>& registered_checks() { return detail::checks(); }

}  // namespace ravel
