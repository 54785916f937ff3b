// SPDX-License-Identifier: MIT
// See ravel/trial.hpp and trial_state.hpp.
#include <ravel/trial.hpp>

#include "base/random.hpp"
#include "body_thread.hpp"
#include "input_in_flight.hpp"
#include "record/body_frames.hpp"
#include "record/requirement.hpp"
#include "trial_state.hpp"

#include <ravel/usage_error.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace ravel {

using detail::require_body_thread;
using detail::said;

namespace {

// One name for each thread of a phase, also where a role is declared more than once: reports and checks tell them apart
// by it.
void name_record(thread_record& record, const char* role, unsigned index) {
  record.name.clear();
  record.name.add(role).add('#').add_number(index);
}

}  // namespace

namespace detail {

role_names::~role_names() {
  for (const name& one : names_) delete[] one.text;
}

const char* role_names::keep(std::string_view role) {
  for (std::size_t i = 0; i < kept_; ++i)
    if (std::string_view(names_[i].text, names_[i].size) == role) return names_[i].text;
  if (kept_ == names_.size()) names_.push_back({nullptr, 0, 0});
  name& kept = names_[kept_];
  if (kept.room <= role.size()) {
    delete[] kept.text;
    kept.room = role.size() + 1;
    kept.text = new char[kept.room];
  }
  for (std::size_t i = 0; i < role.size(); ++i) kept.text[i] = role[i];
  kept.text[role.size()] = '\0';
  kept.size = role.size();
  ++kept_;
  return kept.text;
}

}  // namespace detail

void trial::state::begin(std::uint64_t trial_number) noexcept {
  number = trial_number;
  // What an input does depends on its bytes alone.
  const bool is_of_input = detail::input_in_flight != nullptr;
  seed = is_of_input ? 1 : host.seed;
  seed_number = is_of_input ? 1 : number;
  phase = 0;
  roles.begin_trial();
  detail::seed_state(random, detail::derive_seed(seed, seed_number, 0));
}

void trial::state::declare(unsigned count, std::string_view role, worker_body body, site place) {
  require_body_thread("trial.threads()", place);
  if (count == 0)
    throw usage_error(said(place) + "trial.threads(0, ...): give at least 1 thread, or leave the call out.");
  if (role.empty())
    throw usage_error(said(place) +
                      "trial.threads: the role has no name; write e.g. trial.threads(4, \"client\", ...).");
  if (!body)
    throw usage_error(said(place) + "trial.threads: the function for role \"" + std::string(role) + "\" is empty.");
  std::uint64_t total = count;
  for (const declaration& one : declarations) total += one.count;
  if (total > 1000) throw usage_error(said(place) + std::to_string(total) + " threads in one phase; the most is 1000.");
  declarations.push_back({count, roles.keep(role), std::move(body), place});
}

// Threads of the same role in declarations before this one.
unsigned trial::state::named_before(const declaration& one) const noexcept {
  unsigned named = 0;
  for (const declaration* before = declarations.data(); before != &one; ++before)
    if (before->role == one.role) named += before->count;
  return named;
}

void trial::state::run_phase(site place) {
  if (declarations.empty())
    throw usage_error(said(place) +
                      "trial.run(): no thread is declared for this phase; call "
                      "trial.threads(count, \"role\", function) before it.");
  const thread_record& self = require_body_thread("trial.run()", place);
  ++phase;
  auto& control = host.shared.control;
  jobs.clear();
  std::uint64_t ordinal = 0;
  for (const declaration& one : declarations) {
    unsigned named = named_before(one);
    for (unsigned index = 0; index < one.count; ++index) {
      thread_record* record = host.shared.threads.claim(thread_kind::worker);
      if (record == nullptr) throw usage_error(said(place) + "too many threads are left running; no record is free.");
      name_record(*record, one.role, named++);
      record->declared_at = one.place;
      record->born_in_trial = number;
      record->parent = self.slot;
      record->nth_child = static_cast<std::uint32_t>(++ordinal);
      const std::uint64_t own_seed = detail::derive_seed(seed, seed_number, phase * 1000ull + ordinal);
      jobs.push_back({&one.body, one.role, index, own_seed, record});
    }
  }
  control.threads_in_trial.fetch_add(jobs.size(), std::memory_order_relaxed);  // relaxed: a count
  // release: see batch.cpp
  control.phase.store(phase, std::memory_order_release);
  control.stage.store(static_cast<std::uint32_t>(detail::stage::phase), std::memory_order_release);
  host.phases.phase_starting();
  detail::note_body_frames();
  pool.run(jobs);
  detail::forget_body_frames();
  host.phases.phase_ended();
  control.stage.store(static_cast<std::uint32_t>(detail::stage::body), std::memory_order_release);
  invariants.judge_quiescent();
  for (const detail::job& job : jobs) host.shared.threads.release(*job.record);
  declarations.clear();
}

void trial::state::finish() {
  if (!declarations.empty())
    throw usage_error(said(declarations.front().place) + "threads of role \"" + declarations.front().role +
                      "\" are declared but never run; call trial.run() after trial.threads(...).");
}

void trial::threads(unsigned count, std::string_view role, worker_body body, site place) {
  state_.declare(count, role, std::move(body), place);
}
void trial::threads(unsigned count, const char* role, worker_body body, site place) {
  state_.declare(count, role == nullptr ? std::string_view() : role, std::move(body), place);
}
void trial::thread(std::string_view role, worker_body body, site place) {
  state_.declare(1, role, std::move(body), place);
}
void trial::thread(const char* role, worker_body body, site place) { threads(1, role, std::move(body), place); }
void trial::run(site place) { state_.run_phase(place); }

std::uint64_t trial::number() const noexcept { return state_.number; }

const fuzz_input* trial::input() const noexcept { return detail::input_in_flight; }

std::int64_t trial::pick(std::int64_t low, std::int64_t high) {
  if (low > high)
    throw usage_error("pick(" + std::to_string(low) + ", " + std::to_string(high) +
                      "): the range is empty; write the smaller number first, both ends are included.");
  const auto range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + detail::scale(detail::draw(state_.random), range));
}

bool trial::fail(const char* what, site place) noexcept {
  detail::record_failed_requirement(what, nullptr, nullptr, place);
  return false;
}

bool trial::fail_comparison(const shown& left, const shown& right, const char* what, site place) noexcept {
  detail::record_failed_requirement(what, &left, &right, place);
  return false;
}

}  // namespace ravel
