// SPDX-License-Identifier: MIT
// See valgrind_check.hpp. Valgrind's log is a file, which RAVEL_VALGRIND_LOG names and which the command line hands
// to Valgrind as --log-file=%q{RAVEL_VALGRIND_LOG}; all processes of the run write to it. Without it errors are
// still counted and tied to their round, and Valgrind's own words stand in the output.
#include "valgrind_check.hpp"

#include "log_findings.hpp"
#include "requests.hpp"
#include "tool_threads.hpp"

#include <ravel/report.hpp>

#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <string>

namespace ravel::checks {

namespace {

using namespace valgrind;

// Zeroed, at the same address in all processes of the run.
struct shared_log {
  // Valgrind tells of one error once in a process: see the sanitizers' session.
  static constexpr std::uint32_t most_counted_trials = 5;

  std::atomic<std::int64_t> pid;  // of the batch in flight
  std::atomic<std::uint64_t> read_up_to;
  std::atomic<std::uint32_t> counted_trials;
  std::atomic<std::uint32_t> hidden_atomics, hidden_idioms;  // errors that are none
};

constexpr double leak_share = 0.1;  // of the time

double now() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

class valgrind_check final : public observer {
 public:
  void run_started(run_view& run) override {
    if (!run.is_under_valgrind()) return;
    is_active_ = true;
    shared_ = static_cast<shared_log*>(run.shared_memory(sizeof(shared_log)));
    tool_ = run.tool();
    if (const char* path = std::getenv("RAVEL_VALGRIND_LOG"); path != nullptr) log_path_ = path;
    shared_->read_up_to.store(log_size());
  }

  // A lane that cannot see must not pass.
  void batches_ended(run_view&) override {
    if (!is_active_ || is_built_in()) return;
    raw_finding* finding = open_finding(finding_kind::tool_error, 67);
    if (finding == nullptr) return;
    finding->check.add("valgrind");
    finding->what.add("Ravel was built without Valgrind's headers, so it cannot ask Valgrind what it found");
    finding->add_note().add("install them (Debian: the package valgrind) and build again");
    publish(finding);
  }

  void batch_started(run_view&) override {
    if (!is_active_) return;
    shared_->pid.store(getpid());
    forget_threads();
    if (const thread_record* own = this_thread()) note_thread(*own);
    last_thread_ = 1;
    errors_ = error_count();
    leaked_ = is_memcheck() ? check_added_leaks() : 0;
    shared_->read_up_to.store(log_size());
  }
  void thread_started(run_view&, thread_record& record) noexcept override {
    if (is_active_) note_thread(record);
  }

  void trial_ended(run_view& run) override {
    if (!is_active_) return;
    if (const std::uint64_t errors = error_count(); errors != errors_) {
      errors_ = errors;
      take_errors(run, "in this round");
    }
    if (is_memcheck() && now() - leaks_checked_at_ >= leak_cost_ / leak_share) check_leaks(run);
  }
  void batch_finishing(run_view& run) override {
    if (is_active_ && is_memcheck()) check_leaks(run);
  }

  // A process that died left its last words in the log.
  void batch_ended(run_view& run, bool completed) override {
    if (is_active_ && !completed) take_errors(run, nullptr);
  }

  void run_ended(run_view&, report& report) override {
    if (!is_active_) return;
    if (const std::uint32_t hidden = shared_->hidden_atomics.load(); hidden != 0)
      report.notes.push_back(std::to_string(hidden) + " reports of " + tool_ +
                             " about accesses by std::atomic itself were left out: it does not understand them");
    if (const std::uint32_t hidden = shared_->hidden_idioms.load(); hidden != 0)
      report.notes.push_back(std::to_string(hidden) + " reports of " + tool_ +
                             " about a condition variable signalled without its lock were left out: that is allowed");
  }

 private:
  [[nodiscard]] bool is_memcheck() const { return tool_ == "memcheck"; }

  [[nodiscard]] std::uint64_t log_size() const {
    if (log_path_.empty()) return 0;
    std::ifstream file(log_path_, std::ios::binary | std::ios::ate);
    return file ? static_cast<std::uint64_t>(file.tellg()) : 0;
  }
  std::string read_log() {
    if (log_path_.empty()) return {};
    std::ifstream file(log_path_, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(shared_->read_up_to.load()));
    std::string text{std::istreambuf_iterator<char>(file), {}};
    shared_->read_up_to.fetch_add(text.size());
    return text;
  }

  // unexplained: said of errors that were counted and that the log does not tell of; null: none is to be said.
  void take_errors(run_view& run, const char* unexplained) {
    const std::string text = read_log();
    bool has_real_error = false, has_any_error = false;
    for (const log_error& error : parse_log(text, shared_->pid.load(), last_thread_)) {
      has_any_error = true;
      const noise noise = noise_of(error);
      if (noise == noise::atomic) shared_->hidden_atomics.fetch_add(1);
      if (noise == noise::idiom) shared_->hidden_idioms.fetch_add(1);
      if (noise != noise::none) continue;
      has_real_error = true;
      raw_finding* finding = open_finding(kind_of(error), signature_of(error));
      if (finding == nullptr) continue;
      describe(*finding, error, tool_);
      publish(finding);
    }
    if (has_real_error && shared_->counted_trials.fetch_add(1) < shared_log::most_counted_trials)
      run.end_batch_after_this_trial();
    // Errors told before in this process are counted again and not printed again.
    has_told_ = has_told_ || has_any_error;
    if (unexplained != nullptr && !has_told_) report_unexplained(unexplained);
  }

  void report_unexplained(const char* when) const {
    raw_finding* finding = open_finding(finding_kind::tool_error, 61);
    if (finding == nullptr) return;
    finding->check.add("valgrind");
    finding->what.add("of ").add(tool_.empty() ? "Valgrind" : tool_.c_str()).add(", counted ").add(when);
    finding->add_note().add(log_path_.empty()
                                ? "Valgrind's own words stand in the output; with RAVEL_VALGRIND_LOG=<file> and "
                                  "--log-file=%q{RAVEL_VALGRIND_LOG} they become part of the finding"
                                : "Valgrind's log says nothing that could be read");
    publish(finding);
  }

  void check_leaks(run_view& run) {
    const double begin = now();
    const std::uint64_t leaked = check_added_leaks();
    leak_cost_ = now() - begin;
    leaks_checked_at_ = begin + leak_cost_;
    errors_ = error_count();  // leaks are counted as errors, too
    if (leaked != leaked_) take_errors(run, nullptr);
    leaked_ = leaked;
  }

  bool is_active_ = false;
  shared_log* shared_ = nullptr;
  std::string tool_, log_path_;
  std::uint32_t last_thread_ = 1;
  std::uint64_t errors_ = 0, leaked_ = 0;
  bool has_told_ = false;
  double leaks_checked_at_ = 0, leak_cost_ = 0;
};

}  // namespace

std::unique_ptr<observer> make_valgrind_check() { return std::make_unique<valgrind_check>(); }

}  // namespace ravel::checks
