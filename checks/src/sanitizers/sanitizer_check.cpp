// SPDX-License-Identifier: MIT
// See sanitizer_check.hpp.
#include "sanitizer_check.hpp"

#include "asan_report.hpp"
#include "hooks.hpp"
#include "leak_check.hpp"
#include "raw_text.hpp"
#include "runtime.hpp"
#include "runtime_symbolizer.hpp"
#include "session.hpp"
#include "thread_names.hpp"
#include "tsan_locks_held.hpp"

#include <ravel/report.hpp>

#include <cstdio>
#include <string>

namespace ravel::checks {

namespace {

using namespace sanitizers;

// The sanitizer ends the process: after a report that is what the finding tells of already.
void on_death() {
  shared_session* session = current_session();
  run_view* run = current_run();
  if (session != nullptr && run != nullptr && session->heard_in_batch.load() != 0) run->death_is_reported();
}

[[gnu::used]] const char* const linked_hooks[] = {&tsan_hook, &ubsan_hook, &default_options};

// The earliest that a program may ask for: what other initialisers do wrong is heard, too.
[[gnu::constructor(101)]] void watch_outside_runs() {
  if (is_any()) watch_for_reports_outside_runs();
  listen_to_asan();
}

class sanitizer_check final : public observer {
 public:
  ~sanitizer_check() override { set_session(nullptr); }

  void run_started(run_view& run) override {
    if (!is_any()) return;
    session_ = static_cast<shared_session*>(run.shared_memory(sizeof(shared_session)));
    set_session(session_);
    if (!is_asan()) return;
    leaks_are_checked_ = text_.is_usable() && leak_check::why_not(text_).empty();
    told_ = text_.size();
  }

  void batch_started(run_view& run) override {
    if (session_ == nullptr) return;
    if (!run.is_hosted()) text_.divert();
    read_locks_held();  // what other processes printed is theirs
    forget_names();
    if (const thread_record* own = this_thread()) remember_name(*own);
    // The host has its own, and looks for leaks itself.
    if (!run.is_hosted() && __sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(on_death);
    leaks_are_checked_ = leaks_are_checked_ && !run.is_hosted() && run.looks_for_leaks();
    leaks_.batch_started();
  }
  void thread_started(run_view&, thread_record& record) noexcept override {
    if (session_ != nullptr) remember_name(record);
  }
  void trial_ended(run_view& run) override {
    if (leaks_are_checked_) leaks_.trial_ended(run, text_, *session_);
  }
  void batch_finishing(run_view& run) override {
    if (leaks_are_checked_) leaks_.batch_finishing(run, text_, *session_);
  }

  void batch_ended(run_view&, bool) override {
    if (session_ == nullptr) return;
    text_.restore();
    const std::string said = text_.read(told_);
    told_ += said.size();
    keep_text(said);
    if (const untold_text untold = find_untold(said, session_->heard_in_batch.load(), session_->leaks_in_batch.load());
        !untold.headline.empty())
      report_untold(untold, said);
    for (const std::uint32_t places = session_->place_count.load(); warmed_ < places; ++warmed_)
      warm_symbolizer(session_->places[warmed_].load());
    session_->heard_in_batch.store(0);
    session_->leaks_in_batch.store(0);
  }

  void run_ended(run_view&, report& report) override {
    if (session_ == nullptr) return;
    if (is_asan() && !leaks_are_checked_)
      report.notes.push_back("leaks were not checked: " + (text_.is_usable()
                                                               ? leak_check::why_not(text_)
                                                               : std::string("no file in memory could be made")));
    if (session_->uncounted_trials.load() != 0)
      report.notes.push_back("a sanitizer tells of one place once in a process: the first " +
                             std::to_string(shared_session::most_counted_trials) + " " + trial_word() +
                             "s with a report ended their process, later ones did not, so sightings are at least "
                             "what is said");
  }

 private:
  // The runtime's own words are all there is, so they are shown whole.
  static void report_untold(const untold_text& untold, const std::string& said) {
    std::fprintf(stderr, "%s\n", said.c_str());
    raw_finding* finding = open_finding(finding_kind::tool_error, mix_text(43, untold.headline.c_str()));
    if (finding == nullptr) return;
    finding->check.add("sanitizers");
    finding->what.add("of a sanitizer's runtime: ").add(untold.headline.c_str());
    finding->add_note().add("what it said in full stands in the output above");
    publish(finding);
  }

  raw_text text_;
  shared_session* session_ = nullptr;
  leak_check leaks_;
  bool leaks_are_checked_ = false;
  std::uint32_t warmed_ = 0;  // places that the runtime knows in this process
  std::uint64_t told_ = 0;    // how much of the text has been looked at
};

}  // namespace

std::unique_ptr<observer> make_sanitizer_check() { return std::make_unique<sanitizer_check>(); }

}  // namespace ravel::checks
