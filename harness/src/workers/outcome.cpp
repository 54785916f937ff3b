// SPDX-License-Identifier: MIT
// The part of ravel/trial.hpp that counts outcomes. No point is taken here, or the schedule would mostly be about the
// making of texts; no other thread is ordered by it.
#include "body_thread.hpp"
#include "trial_state.hpp"

#include <ravel/alone.hpp>
#include <ravel/usage_error.hpp>

#include <string>

namespace ravel {

namespace detail {

namespace {

void write_row(const outcome_rows& rows, std::size_t at, outcome_text& to) noexcept {
  to.clear();
  rows.write(static_cast<const char*>(rows.first) + at * rows.bytes, to);
}

// All that is listed, so that what never comes is told, too. Throws usage_error.
outcome_histogram_record& histogram_of(outcome_table& table, const listed_outcomes& listed) {
  if (outcome_histogram_record* known = table.find(listed.place)) return *known;
  outcome_histogram_record* const begun = table.begin(listed.place);
  if (begun == nullptr)
    throw usage_error(said(listed.place) + "trial.outcome: the body tells outcomes in more than " +
                      std::to_string(outcome_table::capacity) + " places; give several values in one call instead.");
  begun->has_expected = listed.of[0].count != 0;
  outcome_text text{};
  for (std::size_t kind = 0; kind < 3; ++kind)
    for (std::size_t row = 0; row < listed.of[kind].count; ++row) {
      write_row(listed.of[kind], row, text);
      const outcome_histogram_record::value* twin = begun->find(text);
      if (twin != nullptr && twin->kind != static_cast<outcome_kind>(kind))
        throw usage_error(said(listed.place) + "trial.outcome: " + text.c_str() + " is both " + word_for(twin->kind) +
                          " and " + word_for(static_cast<outcome_kind>(kind)) + "; leave it in one of the lists.");
      if (twin == nullptr && begun->add(text, static_cast<outcome_kind>(kind)) == nullptr)
        throw usage_error(said(listed.place) + "trial.outcome: more than " +
                          std::to_string(outcome_histogram_record::capacity) +
                          " values are listed; tell something that takes fewer.");
    }
  table.publish();
  return *begun;
}

// Returns false when the outcome must not be.
bool counted(outcome_histogram_record& histogram, const outcome_text& text, outcome_kind& kind) noexcept {
  outcome_histogram_record::value* value = histogram.find(text);
  if (value == nullptr) value = histogram.add(text, outcome_kind::unlisted);
  kind = value == nullptr ? outcome_kind::unlisted : value->kind;
  // relaxed: one thread counts, the parent reads when this process has ended
  (value == nullptr ? histogram.others : value->count).fetch_add(1, std::memory_order_relaxed);
  return kind != outcome_kind::forbidden && (kind != outcome_kind::unlisted || !histogram.has_expected);
}

}  // namespace

}  // namespace detail

void trial::count_outcome(const detail::outcome_rows& seen, const detail::listed_outcomes& listed) {
  using namespace detail;
  shared_run* const run = current_shared_run();
  if (run == nullptr) return;  // a process that the target forked
  require_body_thread("trial.outcome()", listed.place);
  outcome_text text{};
  outcome_kind kind{};
  {
    const apart hidden;
    write_row(seen, 0, text);
    outcome_histogram_record& histogram = histogram_of(run->outcomes, listed);
    // relaxed: set before. Trials that only prepare the ground of a replay are not counted.
    if (state_.number < run->findings.first_counted.load(std::memory_order_relaxed)) return;
    if (counted(histogram, text, kind)) return;
  }
  record_bad_outcome(text, kind, listed.place);
}

}  // namespace ravel
