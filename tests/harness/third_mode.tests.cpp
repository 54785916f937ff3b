// SPDX-License-Identifier: MIT
// A mode that the harness does not know: workers run one after the other, in an order drawn from seed and trial. It is
// made here, of process/mode.hpp, and gets its own words, verdict and replay.
#include "base/random.hpp"
#include "catch.hpp"
#include "process/supervised_run.hpp"
#include "record/escaped_exception.hpp"
#include "record/run_listener.hpp"
#include "record/thread_table.hpp"
#include "workers/job_runner.hpp"

#include <ravel/run_test.hpp>

#include <algorithm>
#include <cstdlib>

namespace {

using namespace ravel::detail;

class in_order final : public job_runner {
 public:
  explicit in_order(const std::uint64_t& seed) : seed_(seed) {}
  void run(const std::vector<job>& jobs) override {
    std::vector<const job*> order;
    for (const job& one : jobs) order.push_back(&one);
    std::uint64_t state[2];
    seed_state(state, seed_);
    for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[scale(draw(state), left)]);
    ravel::thread_record* self = ravel::this_thread();
    for (const job* one : order) perform(*one);
    adopt_record(self);
  }

 private:
  static void perform(const job& job) {
    adopt_record(job.record);
    notify_thread_started(*job.record);
    ravel::worker me(job.index, job.role, job.seed);
    try {
      (*job.body)(me);
    } catch (...) {
      record_current_exception();
    }
    notify_thread_ended(*job.record);
  }
  const std::uint64_t& seed_;
};

class permuted final : public mode {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "permuted"; }
  [[nodiscard]] const char* trial_word() const noexcept override { return "permutation"; }
  [[nodiscard]] std::unique_ptr<job_runner> start_batch(const run&, const batch_plan&) override {
    return std::make_unique<in_order>(seed_);
  }
  void begin_trial(const run& run, std::uint64_t trial) noexcept override {
    seed_ = derive_seed(run.options.seed, trial, 23);
  }

 private:
  std::uint64_t seed_ = 0;
};

ravel::report permute(const ravel::test_options& options, const ravel::body& body) {
  const run_options common{.name = options.name, .trials = options.rounds, .seed = options.seed};
  const ravel::environment asked = ravel::read_environment();
  permuted mode;
  supervised_run run(common, asked, body, mode);
  run.go();
  return run.make_report();
}

const bool is_registered =
    register_mode({"permuted", false, [](const ravel::token& token) { return token.strategy == "permuted"; }, permute});

void last_is_not_the_second(ravel::trial& trial) {
  unsigned last = 0;
  trial.threads(4, "writer", [&](ravel::worker& me) { last = me.index(); });
  trial.run();
  trial.require(last != 2, "the last writer is not the second");
}

}  // namespace

TEST_CASE("mode: one that the harness does not know has its words, its verdict and its replay", "[harness]") {
  REQUIRE(is_registered);
  setenv("RAVEL_MODE", "permuted", 1);
  const ravel::report first = ravel::run_test({.name = "writers", .rounds = 50}, last_is_not_the_second);
  unsetenv("RAVEL_MODE");
  CHECK(first.verdict == ravel::verdict::faulty);
  REQUIRE(first.findings.size() == 1);
  CHECK(first.trials_run == 50);
  const ravel::finding found = first.findings[0];
  CHECK(to_text(first).find("permuted, permutation " + std::to_string(found.first_trial) + " of 50]") !=
        std::string::npos);
  CHECK(found.trials_seen > 5);
  CHECK(found.trials_seen < 25);
  CHECK(found.token.find(".permuted.1.") != std::string::npos);

  setenv("RAVEL_REPLAY", found.token.c_str(), 1);
  const ravel::report again = ravel::run_test({.name = "writers", .rounds = 50}, last_is_not_the_second);
  CHECK(again.trials_run == 1);
  REQUIRE(again.findings.size() == 1);
  CHECK(again.findings[0].token == found.token);
  const ravel::report mended = ravel::run_test({.name = "writers", .rounds = 50}, [](ravel::trial& trial) {
    trial.threads(4, "writer", [](ravel::worker&) {});
    trial.run();
  });
  unsetenv("RAVEL_REPLAY");
  CHECK(mended.verdict == ravel::verdict::undecided);
  CHECK(mended.reason.find("did not show again in 1 permutation") != std::string::npos);
}
