// SPDX-License-Identifier: MIT
// See linearizable_check.hpp.
#include "linearizable_check.hpp"

#include "linearizable_area.hpp"

#include <ravel/environment.hpp>
#include <ravel/report.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

namespace ravel::checks {
namespace detail {
namespace {

// The parent's; children inherit them. Written between runs only.
linearizable_area* calls_in_use = nullptr;
linearizable_area* stories_in_use = nullptr;

class linearizable_check final : public observer {
 public:
  ~linearizable_check() override {
    calls_in_use = nullptr;
    if (is_first_) stories_in_use = nullptr;
  }

  void run_started(run_view& run) override {
    area_ = static_cast<linearizable_area*>(run.shared_memory(sizeof(linearizable_area)));
    calls_in_use = area_;
    is_first_ = run.starts() == 1;
    if (is_first_) stories_in_use = area_;
  }

  // What an earlier process left behind is nobody's now.
  void batch_started(run_view&) override {
    for (recorder& one : area_->recorder_of)
      if (one.is_touched) forget(one);
    area_->chunks_used.store(0);
  }

  // An operation that has not returned is told with its arguments. They are in the run's memory, unless a string is.
  void hang_reported(run_view& run, raw_finding& hang) override {
    const std::uint32_t count = std::min<std::uint32_t>(run.thread_count(), recorder::most_threads);
    for (std::uint32_t slot = 0; slot < count; ++slot)
      for (const recorder& one : area_->recorder_of) {
        const call_log* log = one.is_taken ? one.logs[slot] : nullptr;
        recorded_call* call = log == nullptr ? nullptr : log->last;
        if (call == nullptr || call->returned.load() != call::never || !call->how->is_plain) continue;
        add_arguments(hang, run.threads()[slot], *call);
      }
  }

  void run_ended(run_view& run, report& report) override {
    add_stories(report);
    if (area_->skipped != 0)
      report.notes.push_back("linearizable: " + std::to_string(area_->checked) + " of " +
                             std::to_string(area_->checked + area_->skipped) + " " + run.trial_word() +
                             "s were checked, so that it takes no more than half of the time");
    if (area_->checked != 0 && area_->stamps.kind == stamping::shared_counter)
      report.notes.push_back(
          "linearizable: calls were ordered by a counter that all threads share, which may hide bugs: this machine's "
          "cores have no common clock that could be used");
    if (area_->undecided != 0)
      leave_open(report, std::to_string(area_->undecided) + " of " + std::to_string(area_->checked) +
                             " histories are undecided: " + area_->why_undecided.c_str());
    if (area_->lost != 0)
      leave_open(report, std::to_string(area_->lost) + " histories had more calls than there is room for");
  }

  void findings_explained(run_view&, report& report) override { add_stories(report); }

 private:
  static void add_arguments(raw_finding& hang, const thread_record& thread, recorded_call& call) {
    const std::string name = thread.said_operation.c_str();
    for (std::uint32_t i = 0; i < hang.actor_count; ++i) {
      raw_actor& actor = hang.actor[i];
      if (thread.name.c_str() != std::string_view(actor.thread.c_str()) || actor.object.c_str() != name + "()")
        continue;
      text_writer arguments;
      arguments.clear();
      arguments.begin('(');
      call.how->encode(call.stored(), arguments);
      arguments.end(')');
      const std::string_view text = arguments.written().text;
      actor.object.clear();
      actor.object.add(name.c_str()).add(text.data(), text.size());
    }
  }

  static void forget(recorder& one) noexcept {
    for (call_log*& log : one.logs) log = nullptr;
    one.is_taken = one.is_touched = false;
  }

  static void leave_open(report& report, const std::string& why) {
    report.notes.push_back("linearizable: " + why);
    report.verdict = verdict::undecided;  // unless there are findings: the harness decides that after us
    report.reason = why;
  }

  // Where reports go (RAVEL_REPORT_DIR), by lane, test case and line; empty where they go nowhere.
  static std::string saved(const told_story& story, const report& report) {
    const std::string folder = read_environment().report_dir;
    if (folder.empty() || *story.file.c_str() == '\0') return {};
    std::string name = report.lane + "." + report.name + "." + std::to_string(story.place.line) + ".history";
    for (char& one : name)
      if (std::isalnum(static_cast<unsigned char>(one)) == 0 && one != '.') one = '_';
    const std::string path = folder + "/" + name;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    std::ofstream file(path);
    file << story.file.c_str();
    file.close();
    return file ? path : std::string();
  }

  // In the place of what was told of the same finding before.
  void add_stories(report& report) {
    for (finding& finding : report.findings) {
      if (finding.kind != finding_kind::not_linearizable || finding.actors.empty()) continue;
      const frame& recorded = finding.actors.front().place;
      for (const told_story& story : area_->story) {
        if (story.place.file == nullptr || recorded.file != story.place.file || recorded.line != story.place.line)
          continue;
        std::string& told = told_[&story];
        const auto place = std::ranges::find(finding.notes, told);
        told = story.text.c_str();
        if (const std::string file = saved(story, report); !file.empty()) told += "\n  the history is in " + file;
        if (place != finding.notes.end())
          *place = told;
        else
          finding.notes.push_back(told);
      }
    }
  }

  linearizable_area* area_ = nullptr;
  bool is_first_ = false;
  std::map<const told_story*, std::string> told_;
};

}  // namespace

linearizable_area* area_of_calls() noexcept { return current_run() == nullptr ? nullptr : calls_in_use; }
linearizable_area* area_of_stories() noexcept { return stories_in_use; }

}  // namespace detail

std::unique_ptr<observer> make_linearizable_check() { return std::make_unique<detail::linearizable_check>(); }

}  // namespace ravel::checks
