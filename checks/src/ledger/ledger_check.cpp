// SPDX-License-Identifier: MIT
// What is left in the ledger after a round; see ledger_check.hpp. An entry that other threads release at
// this very moment is taken out under its bucket's spin bit, by one of the two.
#include "ledger_check.hpp"

#include "ledger_area.hpp"

#include <ravel/report.hpp>

#include <pthread.h>

#include <string>

namespace ravel::checks {
namespace detail {
namespace {

bool is_batch_process = false;

// A process that the target forks writes nothing into the run's ledger.
void forget_in_forked_process() {
  if (is_batch_process) use_area(nullptr);
}

class ledger_check final : public observer {
 public:
  ~ledger_check() override { use_area(nullptr); }

  void run_started(run_view& run) override {
    area_ = static_cast<ledger_area*>(run.shared_memory(sizeof(ledger_area)));
    use_area(area_);
    static const int registered = pthread_atfork(nullptr, nullptr, forget_in_forked_process);
    static_cast<void>(registered);
    link_entry_annotations();
  }

  void batch_started(run_view&) override {
    is_batch_process = true;
    area_->entries.start_epoch();
    for (std::uint32_t i = area_->last_pool(); i != 0; --i) {
      pool_record& pool = area_->pools[i];
      pool.untracked.store(0, std::memory_order_relaxed);
      pool.entries_series.clear();
      pool.bytes_series.clear();
    }
  }

  void trial_started(run_view&) override {
    ++area_->round;
    for (std::uint32_t i = area_->last_pool(); i != 0; --i) {
      pool_record& pool = area_->pools[i];
      pool.has_bytes.store(0, std::memory_order_relaxed);
      pool.expected_entries.store(0, std::memory_order_relaxed);
    }
  }

  void thread_started(run_view&, thread_record& thread) noexcept override { thread.check_word[ledger_word] = 0; }

  void trial_ended(run_view& run) override {
    const std::uint32_t last = area_->last_pool();
    if (last == 0) return;
    std::uint64_t retained[ledger_area::pool_capacity] = {};
    if (area_->entries.live() != 0) settle(run.trial(), false, retained);
    for (std::uint32_t i = 1; i <= last; ++i) measure(area_->pools[i], run.trial(), retained[i]);
  }

  void batch_finishing(run_view& run) override {
    std::uint64_t retained[ledger_area::pool_capacity] = {};
    if (area_->entries.live() != 0) settle(run.trials_completed(), true, retained);
    for (std::uint32_t i = area_->last_pool(); i != 0; --i) end_of_batch(area_->pools[i]);
  }

  void batch_ended(run_view& run, bool completed) override {
    for (std::uint32_t i = area_->last_pool(); i != 0; --i) {
      pool_record& pool = area_->pools[i];
      pool.untracked_in_run += pool.untracked.load(std::memory_order_relaxed);
      if (completed) continue;
      pool.held_at_death = 0;
      pool.death_trial = run.trial() != 0 ? run.trial() : run.trials_completed();
    }
    if (!completed && area_->entries.live() != 0) count_held_at_death();
  }

  void run_ended(run_view&, report& report) override {
    const std::uint32_t last = area_->last_pool();
    for (std::uint32_t i = 1; i <= last; ++i) note(area_->pools[i], report);
    if (area_->ungrouped != 0)
      report.notes.push_back("ledger: " + std::to_string(area_->ungrouped) +
                             " more unreleased entries, acquired at further places, are not listed: the report holds " +
                             std::to_string(ledger_area::group_capacity) + " places");
  }

 private:
  // Takes out what may not be held any longer and reports it; counts what is retained.
  void settle(std::uint64_t trial, bool is_end_of_test, std::uint64_t* retained) noexcept {
    const std::uint32_t used = area_->entries.used();
    bool has_left = false;
    for (std::uint32_t i = 1; i < used; ++i) {
      entry& candidate = area_->entries.at(i);
      const std::uint32_t pool = candidate.pool;
      if (pool == 0) continue;
      entry copy;
      if (!take_if_left(candidate, pool, is_end_of_test, retained, copy)) continue;
      area_->entries.drop(candidate);
      report_unreleased(*area_, trial, copy);
      has_left = true;
    }
    if (has_left) update_unreleased(*area_);
  }

  bool take_if_left(entry& candidate, std::uint32_t pool, bool is_end_of_test, std::uint64_t* retained,
                    entry& copy) noexcept {
    entry_table::held bucket{area_->entries, pool, candidate.owner, candidate.key};
    entry* found = bucket.first();
    while (found != nullptr && found != &candidate) found = bucket.after(*found);
    if (found == nullptr || found->pool != pool) return false;  // free, or from an earlier batch
    const pool_record& record = area_->pools[pool];
    const bool is_kept_over_rounds = record.options.scope == entry_scope::test && !is_end_of_test;
    const bool is_expected = retained[pool] < record.expected_entries.load(std::memory_order_relaxed);
    if ((found->flags & entry::is_retained) != 0 || is_kept_over_rounds || is_expected) {
      ++retained[pool];
      return false;
    }
    copy_bytes(&copy, found, sizeof copy);
    bucket.remove(*found);
    return true;
  }

  void measure(pool_record& pool, std::uint64_t trial, std::uint64_t retained) noexcept {
    if (pool.is_ready.load(std::memory_order_acquire) == 0) return;
    if (pool.entries_series.add(trial, retained))
      judge(pool, pool.entries_series.judge(pool.options.growth_limit + 1), "entries", pool.entries_finding);
    if (pool.has_bytes.load(std::memory_order_relaxed) == 0) return;
    if (pool.bytes_series.add(trial, pool.bytes.load(std::memory_order_relaxed)))
      judge(pool, pool.bytes_series.judge(pool.options.growth_limit + 1), "bytes", pool.bytes_finding);
  }

  // Later rounds know better: what had looked like growth may have been the way to a plateau.
  void judge(pool_record& pool, const growth& growth, const char* of, raw_finding*& record) noexcept {
    const bool is_within_limit = growth.last_value <= pool.options.growth_limit;
    if (growth.shape == growth_shape::growing && !is_within_limit) {
      report_growth(*area_, pool, growth, of, record);
    } else if (growth.shape == growth_shape::steady && record != nullptr) {
      record->is_informative = true;
      record->note[0].clear();
      record->note[0].add("later on a plateau was reached: kept for reuse, no growth");
    }
  }

  void end_of_batch(pool_record& pool) noexcept {
    if (pool.is_ready.load(std::memory_order_acquire) == 0) return;
    pool.last_entries = pool.entries_series.judge(pool.options.growth_limit + 1);
    pool.last_bytes = pool.bytes_series.judge(pool.options.growth_limit + 1);
    if (pool.entries_finding != nullptr) judge(pool, pool.last_entries, "entries", pool.entries_finding);
    if (pool.bytes_finding != nullptr) judge(pool, pool.last_bytes, "bytes", pool.bytes_finding);
  }

  // The process is dead: chains may be torn and bits left locked, so the entries alone are looked at.
  void count_held_at_death() noexcept {
    for (std::uint32_t i = 1; i < area_->entries.used(); ++i) ++area_->pools[area_->entries.at(i).pool].held_at_death;
  }

  void note(const pool_record& pool, report& report) const {
    if (pool.is_ready.load(std::memory_order_acquire) == 0) return;
    const std::string name = "ledger: pool " + std::string(pool.name.c_str());
    if (pool.untracked_in_run != 0) {
      report.notes.push_back(name + ": " + std::to_string(pool.untracked_in_run) +
                             " entries were not tracked, because more than " + std::to_string(entry_table::capacity) +
                             " were alive at once; whether they were released is not known");
      report.verdict = verdict::undecided;  // unless there are findings: the harness decides that after us
      report.reason = "the ledger ran full: not every entry was tracked";
    }
    if (pool.held_at_death != 0)
      report.notes.push_back(name + ": " + std::to_string(pool.held_at_death) +
                             (pool.held_at_death == 1 ? " entry was" : " entries were") +
                             " held when the process died in round " + std::to_string(pool.death_trial) +
                             ", and not counted as unreleased");
    note_retained(pool, pool.last_entries, "entries", pool.entries_finding, name, report);
    note_retained(pool, pool.last_bytes, "bytes", pool.bytes_finding, name, report);
  }

  void note_retained(const pool_record& pool, const growth& growth, const char* of, const raw_finding* found,
                     const std::string& name, report& report) const {
    if (growth.last_value == 0 || (found != nullptr && !found->is_informative)) return;
    std::string text = name + ": " + std::to_string(growth.last_value) + " " + of + " retained after the last round";
    const char* reason = area_->texts.text_of(pool.reason.load(std::memory_order_relaxed));
    if (*reason != '\0') text += " (" + std::string(reason) + ")";
    if (growth.shape == growth_shape::too_few && growth.last_value > growth.first_value)
      text += ", " + std::to_string(growth.first_value) + " after the first: too few to tell growth from filling (" +
              std::to_string(growth_series::least) + " needed)";
    else if (growth.shape == growth_shape::steady)
      text += ": a plateau, no growth";
    report.notes.push_back(text);
  }

  ledger_area* area_ = nullptr;
};

}  // namespace
}  // namespace detail

std::unique_ptr<observer> make_ledger_check() { return std::make_unique<detail::ledger_check>(); }

}  // namespace ravel::checks
