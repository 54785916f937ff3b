// SPDX-License-Identifier: MIT
// The claims of the trial in flight: what the engine asks about an operation that begins, and what its tries told.
#include "progress_area.hpp"

#include <ravel/alone.hpp>
#include <ravel/checks/progress.hpp>
#include <ravel/usage_error.hpp>

#include <algorithm>
#include <cstring>
#include <string>

namespace ravel::checks::detail {

// The process's one. A list that the body's thread changes, where no other runs, and the thread in control reads.
class progress_in_force final : public progress_judge {
 public:
  void begin(claims_in_force& one) noexcept {
    one.next_ = latest_;
    latest_ = &one;
    judge_progress_by(this);
  }
  void end(const claims_in_force& one) noexcept {
    for (claims_in_force** link = &latest_; *link != nullptr; link = &(*link)->next_)
      if (*link == &one) {
        *link = one.next_;
        break;
      }
    if (latest_ == nullptr) judge_progress_by(nullptr);
  }

  std::uint32_t claims_about(const char* operation, const progress_claim* (&claims)[most_claims]) noexcept override {
    std::uint32_t count = 0;
    for (const claims_in_force* one = latest_; one != nullptr; one = one->next_)
      for (std::uint32_t i = 0; i < one->count_ && count < most_claims; ++i)
        if (std::strcmp(one->claims_[i].operation, operation) == 0) {
          claims[count++] = &one->claims_[i];
          ++static_cast<claim_record*>(one->claims_[i].record)->calls;
        }
    return count;
  }

  void tried(const progress_try& one) noexcept override {
    auto& record = *static_cast<claim_record*>(one.claim.record);
    if (one.result == progress_result::open) return;
    ++record.tried;
    if (one.met_others) ++record.met_others;
    if (one.result != progress_result::held) return report_broken(one, record);
    ++record.held;
    record.most_points = std::max(record.most_points, one.points);
    record.most_overtakes = std::max(record.most_overtakes, one.completed);
  }

 private:
  claims_in_force* latest_ = nullptr;
};

namespace {

constinit progress_in_force in_force;

std::uint64_t key_of(progress_kind kind, const char* operation, site place) noexcept {
  const std::uint64_t of_place = mix(mix_text(43, place.file), place.line);
  return mix_text(mix(of_place, static_cast<std::uint64_t>(kind)), operation);
}

claim_record* record_of(progress_area& area, const progress_claim& claim, std::uint64_t samples, site place) noexcept {
  const std::uint64_t key = key_of(claim.kind, claim.operation, place);
  const std::uint32_t count = area.used.load(std::memory_order_relaxed);  // relaxed: one thread at a time adds
  for (std::uint32_t i = 0; i < count; ++i)
    if (area.records[i].key == key) return &area.records[i];
  if (count == progress_area::capacity) return nullptr;
  claim_record& added = area.records[count];
  added.key = key;
  added.kind = claim.kind;
  added.operation.add(claim.operation);
  added.file.add(place.file == nullptr ? "" : place.file);
  added.line = place.line;
  added.within = claim.within;
  added.overtakes = claim.overtakes;
  added.samples = samples;
  area.used.store(count + 1, std::memory_order_release);  // after the rest: this process may die at once
  return &added;
}

std::string said(site place) {
  return std::string(place.file == nullptr ? "" : place.file) + ":" + std::to_string(place.line) + ": ";
}

}  // namespace

claims_in_force::claims_in_force(const progress_options& options, site place) : options_(options), place_(place) {
  if (options.within == 0 || options.overtakes == 0)
    throw usage_error(
        said(place) +
        "ravel::checks::progress: .within and .overtakes say after how much an operation must have ended, "
        "so that 0 is never enough; write 1 or more (200 points and 50 operations are the defaults).");
  progress_area* area = area_of_claims();
  if (area == nullptr) return;
  if (!is_under_control()) area->was_left_out = true;
  in_force.begin(*this);
}

claims_in_force::~claims_in_force() {
  if (area_of_claims() != nullptr) in_force.end(*this);
}

void claims_in_force::add(progress_kind kind, const char* operation) {
  if (operation == nullptr || *operation == '\0')
    throw usage_error(said(place_) +
                      "ravel::checks::progress: a claim needs the name of an operation, as it is recorded: "
                      "claims." +
                      (kind == progress_kind::lock_free ? "lock_free" : "wait_free") + "(\"push\").");
  progress_area* area = area_of_claims();
  if (area == nullptr) return;
  progress_claim made{kind, operation, options_.within, options_.overtakes, this, nullptr};
  made.record = count_ == most ? nullptr : record_of(*area, made, options_.samples, place_);
  if (made.record == nullptr)
    throw usage_error(said(place_) + "ravel::checks::progress: more than " + std::to_string(most) +
                      " claims by one object, or more than " + std::to_string(progress_area::capacity) +
                      " in a body; leave out those that others imply.");
  claims_[count_++] = made;
}

}  // namespace ravel::checks::detail
