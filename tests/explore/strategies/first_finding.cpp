// SPDX-License-Identifier: MIT
// See first_finding.hpp. Compiled without any sanitizer: its strategy is called at points.
#include "first_finding.hpp"

#include "modes/explore/exploration.hpp"
#include "modes/explore/explore_mode.hpp"
#include "process/supervised_run.hpp"
#include "strategy/make_strategy.hpp"

#include <ravel/environment.hpp>

#include <algorithm>

namespace explored {

namespace {

using namespace ravel::detail;

std::uint64_t first_of(const finding_table& findings) noexcept {
  std::uint64_t first = 0;
  for (const finding_slot& slot : findings.slots) {
    const std::uint64_t trial = slot.first_trial.load();
    if (slot.signature.load() == 0 || slot.record.is_informative || trial == 0) continue;
    if (first == 0 || trial < first) first = trial;
  }
  return first;
}

// Says that nothing is left to try when something was found.
class until_found final : public strategy {
 public:
  explicit until_found(strategy& inner) : inner_(inner) {}
  void watch(const finding_table& findings) noexcept { findings_ = &findings; }

  [[nodiscard]] const char* name() const noexcept override { return inner_.name(); }
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override { inner_.start(seed, trial); }
  void thread_created(controlled_thread& parent, controlled_thread& child) noexcept override {
    inner_.thread_created(parent, child);
  }
  [[nodiscard]] decision choose(const choice& at) noexcept override { return inner_.choose(at); }
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override { return inner_.pick(count); }
  void ended(ending how, std::uint64_t points) noexcept override { inner_.ended(how, points); }
  [[nodiscard]] bool is_exhausted() const noexcept override {
    return inner_.is_exhausted() || (findings_->used.load() != 0 && first_of(*findings_) != 0);
  }

 private:
  strategy& inner_;
  const finding_table* findings_ = nullptr;
};

}  // namespace

std::uint64_t first_finding(const ravel::explore_options& options, const ravel::body& body) {
  exploration explore(options);
  if (can_switch_contexts()) explore.engine = engine_kind::user;
  auto* watching =
      explore.arena.make<until_found>(*make_strategy(explore.arena, options.strategy, options.preemptions));
  explore.chosen = watching;
  const run_options common = run_options_of(options);
  const ravel::environment asked = ravel::read_environment();
  explore_mode mode(explore);
  supervised_run run(common, asked, body, mode);
  watching->watch(run.inner().shared->findings);
  run.go();
  return first_of(run.inner().shared->findings);
}

}  // namespace explored
