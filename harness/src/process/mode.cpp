// SPDX-License-Identifier: MIT
// See mode.hpp: what most modes do alike, and the modes that there are.
#include "mode.hpp"

#include "base/mode_names.hpp"
#include "run.hpp"

#include <algorithm>
#include <vector>

namespace ravel::detail {

namespace {

std::vector<mode_entry>& entries() {
  static std::vector<mode_entry> list;
  return list;
}

}  // namespace

void mode::plan(const run& run, batch_plan& plan) const {
  plan.wanted = run.options.trials / plan.shards + (plan.shard < run.options.trials % plan.shards ? 1 : 0);
  if (plan.replayed_trial == 0) return;
  plan.first_replayed = plan.first_counted = plan.replayed_trial;
  plan.wanted = 1;
}

std::uint64_t mode::number_of(const batch_plan& plan, std::uint64_t attempt) const noexcept {
  if (plan.replayed_trial != 0) return plan.first_replayed + attempt - 1;
  return (attempt - 1) * plan.shards + plan.shard + 1;
}

std::string mode::words_for_hang(bool /*has_stopped*/) const {
  return std::string("the ") + trial_word() + " did not end";
}

std::string mode::advice_for_hang() const {
  return std::string("a ") + trial_word() + " that needs longer: raise .round_limit (seconds) in the options";
}

bool register_mode(const mode_entry& entry) {
  entries().push_back(entry);
  add_mode_name({entry.name, entry.is_default, entry.has_made});
  return true;
}

const mode_entry* find_mode(const std::string& name) {
  const auto found = std::ranges::find(entries(), name, &mode_entry::name);
  return found == entries().end() ? nullptr : &*found;
}

}  // namespace ravel::detail
