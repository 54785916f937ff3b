// SPDX-License-Identifier: MIT
// See progress_check.hpp: what a run came to know of each claim. No number of points is a proof, and none says so.
#include "progress_check.hpp"

#include "progress_area.hpp"

#include <ravel/report.hpp>

#include <algorithm>
#include <string>

namespace ravel::checks {
namespace detail {
namespace {

// The parent's; children inherit it. Written between runs only.
progress_area* claims_in_use = nullptr;

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string points_of(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " point" : " points"); }

std::string words_for(const claim_record& one) {
  return "the claim that \"" + std::string(one.operation.c_str()) + "\" is " + word_for(one.kind) + " (" +
         base_name(one.file.c_str()) + ":" + std::to_string(one.line) + ")";
}

std::string known_of(const claim_record& one) {
  std::string text = std::string(word_for(one.kind)) + ": \"" + one.operation.c_str() + "\" (" +
                     base_name(one.file.c_str()) + ":" + std::to_string(one.line) + ") held at " +
                     std::to_string(one.held) + " of " + std::to_string(one.tried) + " sampled points";
  if (one.held != 0 && one.kind == progress_kind::starvation_free)
    text += ", none let more than " + std::to_string(one.most_overtakes) + " operations of others go first (limit " +
            std::to_string(one.overtakes) + ")";
  else if (one.held != 0)
    text += ", none needed more than " + points_of(one.most_points) + " (limit " + std::to_string(one.within) + ")";
  if (one.tried != 0)
    text += "; at " + std::to_string(one.met_others) + " another thread was in the middle of an operation";
  return text;
}

// Empty: enough is known of it.
std::string why_unknown(const claim_record& one) {
  if (one.calls == 0)
    return "no call of that name was recorded while another thread was there; name it as the history does, or call it "
           "through the claims: claims(\"" +
           std::string(one.operation.c_str()) + "\", [&] { ... })";
  if (one.tried == 0)
    return "none of its " + std::to_string(one.calls) +
           " calls came to a point at which others could be stopped; a lane that has points at memory accesses "
           "(explore.points, explore.thread) has more of them";
  if (one.tried < one.samples)
    return "it was tried at " + points_of(one.tried) + ", and .samples asks for " + std::to_string(one.samples) +
           "; more executions try more";
  if (one.met_others == 0)
    return "at none of the " + points_of(one.tried) + " was another thread in the middle of an operation";
  return {};
}

class progress_check final : public observer {
 public:
  ~progress_check() override { claims_in_use = nullptr; }

  void run_started(run_view& run) override {
    area_ = static_cast<progress_area*>(run.shared_memory(sizeof(progress_area)));
    claims_in_use = area_;
  }

  void run_ended(run_view& run, report& report) override {
    const std::uint32_t count = std::min(area_->used.load(), progress_area::capacity);
    if (area_->was_left_out) {
      if (count != 0)
        report.notes.push_back(
            "claims about progress are not tried here, but in lanes where one thread runs at a time");
      return;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      const claim_record& one = area_->records[i];
      report.notes.push_back(known_of(one));
      const std::string why = run.is_replay() ? std::string() : why_unknown(one);
      if (why.empty()) continue;
      report.verdict = verdict::undecided;  // unless there are findings: the harness decides that after us
      report.reason = "too little is known of " + words_for(one) + ": " + why;
    }
  }

 private:
  progress_area* area_ = nullptr;
};

}  // namespace

progress_area* area_of_claims() noexcept { return current_run() == nullptr ? nullptr : claims_in_use; }

}  // namespace detail

std::unique_ptr<observer> make_progress_check() { return std::make_unique<detail::progress_check>(); }

}  // namespace ravel::checks
