// SPDX-License-Identifier: MIT
// See fuzz_mode.hpp.
#include "fuzz_mode.hpp"

#include "base/random.hpp"
#include "record/shared_run.hpp"
#include "workers/input_in_flight.hpp"

namespace ravel::detail {

namespace {

class seeded_choices final : public choices {
 public:
  seeded_choices(std::uint64_t seed, std::uint64_t trial) noexcept {
    seed_state(state_, derive_seed(seed, trial, 0xF0));
  }
  [[nodiscard]] std::uint64_t below(std::uint64_t count) override { return scale(draw(state_), count); }

 private:
  std::uint64_t state_[2];
};

}  // namespace

void fuzz_mode::input_of(std::uint64_t trial, fuzz_input& into) const {
  if (is_given_) return decode_input(given_, into);
  if (!options_.files.empty()) {
    if (trial - 1 < options_.files.size()) decode_input(options_.files[trial - 1].bytes, into);
    return;
  }
  seeded_choices from(options_.seed, trial);
  if (options_.corpus.empty() || !target_.change || from.chance(50)) return target_.draw(from, into);
  fuzz_input other;
  decode_input(options_.corpus[from.below(options_.corpus.size())].bytes, into);
  decode_input(options_.corpus[from.below(options_.corpus.size())].bytes, other);
  for (std::uint64_t left = from.below(4); left != 0; --left) target_.change(from, into, &other);
}

void fuzz_mode::begin_trial(const run& run, std::uint64_t trial) noexcept {
  input_of(trial, input_);
  strategy_.follow(input_);
  input_in_flight = &input_;
  explore_mode::begin_trial(run, trial);
}

void fuzz_mode::end_trial() noexcept {
  explore_mode::end_trial();
  input_in_flight = nullptr;
}

void fuzz_mode::keep(std::uint64_t trial) noexcept {
  explore_mode::keep(trial);
  if (!options_.files.empty() || options_.goes_on || is_given_) return;
  current_shared_run()->findings.for_each([&](const finding_slot& slot) {
    if (!slot.record.is_informative) has_found_->store(1, std::memory_order_relaxed);  // relaxed: read between trials
  });
}

std::string fuzz_mode::words_for_hang(bool has_stopped) const {
  return has_stopped ? "the input came to no further point" : "the input did not end";
}

std::string fuzz_mode::advice_for_hang() const {
  return "a loop of the target that neither touches shared memory nor ends looks like this, too";
}

std::string fuzz_mode::coverage(bool) const {
  if (!is_exhausted()) return {};
  return "the session ended with the first input that finds something; --go-on looks for more";
}

}  // namespace ravel::detail
