// SPDX-License-Identifier: MIT
// See ravel/worker.hpp.
#include <ravel/worker.hpp>

#include "base/random.hpp"
#include "noise.hpp"
#include "record/requirement.hpp"

#include <ravel/thread_record.hpp>
#include <ravel/usage_error.hpp>

#include <string>

namespace ravel {

worker::worker(unsigned index, const char* role, std::uint64_t seed) noexcept : index_(index), role_(role), state_{} {
  detail::seed_state(state_, seed);
}

worker::result_type worker::operator()() noexcept { return detail::draw(state_); }

std::int64_t worker::pick(std::int64_t low, std::int64_t high) {
  if (low > high)
    throw usage_error("pick(" + std::to_string(low) + ", " + std::to_string(high) +
                      "): the range is empty; write the smaller number first, both ends are included.");
  const auto range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + detail::scale(detail::draw(state_), range));
}

bool worker::chance(unsigned percent) { return detail::scale(detail::draw(state_), 100) < percent; }

bool worker::fail(const char* what, site place) noexcept {
  detail::record_failed_requirement(what, nullptr, nullptr, place);
  return false;
}

bool worker::fail_comparison(const shown& left, const shown& right, const char* what, site place) noexcept {
  detail::record_failed_requirement(what, &left, &right, place);
  return false;
}

void worker::stop() noexcept {
  // relaxed: the watchdog only looks whether it changes
  if (thread_record* record = this_thread()) record->progress.store(steps_, std::memory_order_relaxed);
  next_stop_ = steps_ + detail::make_noise_of(state_);
}

}  // namespace ravel
