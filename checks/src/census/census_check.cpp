// SPDX-License-Identifier: MIT
// When to count and what to say at the end; see census_check.hpp and DESIGN.md section 6.
// Threads are looked at after every round, because a thread that ends later would go unseen; descriptors,
// names and the heap after as many rounds as 7% of the time allows. In any case, however busy the machine is,
// after the first sixteen (growth_series::least) and then whenever the rounds have grown by an eighth.
#include "census_check.hpp"

#include "census_area.hpp"

#include <ravel/report.hpp>

#include <string>

#include <time.h>

namespace ravel::checks {
namespace detail {

std::uint64_t now_ns() noexcept {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

namespace {

class census_check final : public observer {
 public:
  void run_started(run_view& run) override {
    area_ = static_cast<census_area*>(run.shared_memory(sizeof(census_area)));
  }

  void batch_started(run_view& run) override {
    // A batch of one execution each, thousands of them: every so many will do.
    is_counting_ = !run.has_short_trials() || area_->batches++ % 32 == 0;
    if (!is_counting_) return;
    area_->rounds_of_batch = area_->round_of_scan = area_->scan_ns = 0;
    area_->heap.clear();
    count_threads(run, area_->threads);
    area_->threads.take_as_start();
    count_unclaimed_threads(run, area_->unclaimed_threads);
    area_->unclaimed_threads.take_as_start();
    count_descriptors(area_->descriptors);
    area_->descriptors.take_as_start();
    count_names(area_->made, area_->names);
    area_->names.take_as_start();
    count_foreign_segments(area_->made, area_->foreign_segments);
    area_->foreign_segments.take_as_start();
    area_->batch_started_ns = now_ns();
  }

  void thread_ended(run_view&, thread_record& thread) noexcept override { thread.check_word[census_word] = 1; }

  void name_made(run_view&, const name_event& made) noexcept override {
    area_->made.add(made, this_thread()->name.c_str());
  }

  void trial_ended(run_view& run) override {
    if (run.is_whole_program()) look_at_end_of_program(run);
    if (!is_counting_) return;
    ++area_->rounds_of_batch;
    if (run.has_short_trials() && area_->rounds_of_batch > 8 && area_->rounds_of_batch % 64 != 0) return;
    wait_for_ending_threads(run);
    look_at_threads(run);
    const std::uint64_t now = now_ns();
    const bool is_affordable = area_->scan_ns * 14 < now - area_->batch_started_ns;
    const bool is_due = area_->rounds_of_batch - area_->round_of_scan > area_->round_of_scan / 8;
    if (area_->rounds_of_batch > growth_series::least && !is_affordable && !is_due) return;
    scan(run);
    area_->scan_ns += now_ns() - now;
  }

  void batch_finishing(run_view& run) override {
    if (!is_counting_) return;
    scan(run);
    area_->threads.settle(area_->rounds_of_batch);
    if (!run.is_whole_program()) area_->unclaimed_threads.settle(area_->rounds_of_batch);
    area_->descriptors.settle(area_->rounds_of_batch);
    area_->names.settle(area_->rounds_of_batch);
    area_->last_heap = area_->heap.judge(least_heap_rise());
    judge_heap(area_->last_heap);
  }

  void run_ended(run_view&, report& report) override {
    for (const left_group& group : area_->threads.groups) note(group, report, "threads that were created run on");
    for (const left_group& group : area_->descriptors.groups)
      note(group, report, "more file descriptors open than at the start, to");
    for (const left_group& group : area_->unclaimed_threads.groups)
      note(group, report, "threads that have ended were neither joined nor detached");
    for (const left_group& group : area_->names.groups)
      note(group, report,
           ("more " + std::string(words_for(static_cast<made_name>(group.detail))) + " than at the start, named")
               .c_str());
    for (const left_group& group : area_->foreign_segments.groups)
      note(group, report, "more shared memory segments than at the start, named",
           "another process may have made them: no shm_open or sem_open of this program did");
    const std::uint64_t uncounted = area_->threads.uncounted + area_->unclaimed_threads.uncounted +
                                    area_->descriptors.uncounted + area_->names.uncounted +
                                    area_->foreign_segments.uncounted + area_->made.not_counted;
    if (uncounted != 0) report.notes.push_back("census: too many different things to count; some were left out");
  }

 private:
  // glibc counts what ten threads' caches hold, which fills up slowly, as in use.
  [[nodiscard]] std::uint64_t least_heap_rise() const noexcept { return is_heap_exact_ ? 4096 : 1u << 20; }

  void look_at_threads(run_view& run) noexcept {
    count_threads(run, area_->threads);
    area_->threads.compare(area_->rounds_of_batch, run.trial(), report_thread);
    if (run.is_whole_program()) return;
    count_unclaimed_threads(run, area_->unclaimed_threads);
    area_->unclaimed_threads.compare(area_->rounds_of_batch, run.trial(), report_unclaimed_thread);
  }

  // Nobody will join a thread any more.
  void look_at_end_of_program(run_view& run) noexcept {
    count_unclaimed_threads(run, area_->unclaimed_threads);
    for (left_group& group : area_->unclaimed_threads.groups) {
      if (group.hash == 0 || group.current == 0) continue;
      if (group.record != nullptr) static_cast<void>(open_finding(group.kind, group.hash));  // counts the trial
      if (group.first_trial == 0) group.first_trial = run.trial();
      if (group.current > group.most || group.record == nullptr) {
        group.most = group.current;
        group.last_trial = run.trial();
        report_unclaimed_thread(group);
      }
      if (group.record != nullptr) group.record->is_informative = false;
    }
  }

  void scan(run_view& run) noexcept {
    const std::uint64_t trial = run.trial() != 0 ? run.trial() : run.trials_completed();
    count_descriptors(area_->descriptors);
    area_->descriptors.compare(area_->rounds_of_batch, trial, report_descriptor);
    count_names(area_->made, area_->names);
    area_->names.compare(area_->rounds_of_batch, trial, report_name);
    count_foreign_segments(area_->made, area_->foreign_segments);
    area_->foreign_segments.compare(area_->rounds_of_batch, trial, [](left_group&) {});
    const heap_count heap = heap_in_use(run);
    is_heap_exact_ = heap.is_exact;
    area_->round_of_scan = area_->rounds_of_batch;
    if (heap.is_known && area_->heap.add(trial, heap.bytes)) judge_heap(area_->heap.judge(least_heap_rise()));
  }

  void judge_heap(const growth& growth) noexcept {
    if (growth.shape == growth_shape::growing) {
      report_heap(growth, is_heap_exact_, area_->heap_finding);
    } else if (growth.shape == growth_shape::steady && area_->heap_finding != nullptr) {
      area_->heap_finding->is_informative = true;
      area_->heap_finding->note[0].clear();
      area_->heap_finding->note[0].add("later on a plateau was reached: kept for reuse, no growth");
    }
  }

  static void note(const left_group& group, report& report, const char* words,
                   const char* meaning = "retained, no growth") {
    if (group.hash == 0 || group.first_trial == 0 || group.most == 0 || group.record != nullptr) return;
    std::string text = "census: " + std::to_string(group.most) + " " + words;
    if (group.kind == finding_kind::leak) text += " " + std::string(group.name.c_str());
    text += " (" + std::string(group.example.c_str()) + "), since round " + std::to_string(group.first_trial) + ": " +
            meaning;
    report.notes.push_back(text);
  }

  census_area* area_ = nullptr;
  bool is_heap_exact_ = false;
  bool is_counting_ = true;
};

}  // namespace
}  // namespace detail

std::unique_ptr<observer> make_census_check() { return std::make_unique<detail::census_check>(); }

}  // namespace ravel::checks
