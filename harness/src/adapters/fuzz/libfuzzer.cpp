// SPDX-License-Identifier: MIT
// What libFuzzer calls. A file that is given to the program is explained first, in forked processes: the finding, the
// calls, the smallest schedule, and a test to paste; then libFuzzer runs it as it always does.
#include "base/random.hpp"
#include "modes/fuzz/session.hpp"

#include <ravel/fuzz_target.hpp>
#include <ravel/report.hpp>
#include <ravel/usage_error.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace ravel::detail {

namespace {

// libFuzzer counts these as coverage: a schedule that interrupts a thread at a new place, or by somebody at another
// one, is kept, and changed further.
constexpr std::size_t counter_count = 8192;
[[gnu::section("__libfuzzer_extra_counters"), gnu::used]] std::uint8_t interruption_counters[counter_count];

// For the processes that libFuzzer starts itself, over and over: nobody reads what they would explain.
constexpr const char* is_started_by_fuzzer = "NO_EXPLANATION_BY_RAVEL";

class seeded final : public choices {
 public:
  explicit seeded(unsigned seed) noexcept { seed_state(state_, derive_seed(seed, 0, 0xF3)); }
  [[nodiscard]] std::uint64_t below(std::uint64_t count) override { return scale(draw(state_), count); }

 private:
  std::uint64_t state_[2];
};

[[noreturn]] void refuse(const char* why) {
  std::fprintf(stderr, "usage error: %s\n", why);
  std::fflush(nullptr);
  _exit(exit_code(verdict::misused));
}

input_bytes body_of(const std::uint8_t* data, std::size_t size) {
  return without_header({data, size}, only_fuzz_target().signature).bytes;
}

bool starts_processes(const char* argument) {
  constexpr const char* names[] = {"-merge=1", "-minimize_crash=1", "-cleanse_crash=1", "-fork=", "-jobs="};
  return std::any_of(std::begin(names), std::end(names),
                     [&](const char* name) { return std::strncmp(argument, name, std::strlen(name)) == 0; });
}

void explain(const std::string& path) {
  const fuzz_target& target = only_fuzz_target();
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> text(std::istreambuf_iterator<char>(file), {});
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  const headed_input input = without_header(bytes, target.signature);
  if (input.origin != input_origin::bare && input.origin != input_origin::same_target)
    std::fprintf(stderr, "%s is no input of \"%s\": it is run as ordinary bytes\n", path.c_str(), target.name.c_str());
  fuzz_options options;
  options.files.push_back({path, {input.bytes.begin(), input.bytes.end()}});
  options.saves_findings = false;
  const report result = fuzz(target, std::move(options));
  if (result.verdict == verdict::misused) refuse(result.reason.c_str());
  print(result);
  std::fflush(stdout);
}

std::optional<fuzz_session>& session() {
  static auto* const only = new std::optional<fuzz_session>;  // ends with the process, in whatever state that is
  return *only;
}

std::size_t write(const fuzz_input& input, std::uint8_t* into, std::size_t most) {
  const std::vector<std::uint8_t> bytes = encode_input(input);
  const std::size_t count = std::min(bytes.size(), most);
  std::copy_n(bytes.begin(), count, into);
  return count;
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

extern "C" {

// Read by checks/src/sanitizers/options.cpp. TSan's own handlers stop at their report, and nothing is saved;
// libFuzzer's save the input where a sanitizer has none. A program's own __tsan_default_options wins.
[[gnu::weak, gnu::visibility("default")]] const char* ravel_users_tsan_default_options() {
  return "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0";
}

[[gnu::visibility("default")]] int LLVMFuzzerInitialize(int* argc, char*** argv) {
  try {
    static_cast<void>(ravel::only_fuzz_target());
    const bool is_for_machines = std::getenv(is_started_by_fuzzer) != nullptr;
    if (std::any_of(*argv + 1, *argv + *argc, starts_processes))
      setenv(is_started_by_fuzzer, "1", 1);
    else if (!is_for_machines)
      for (int i = 1; i < *argc; ++i)
        if ((*argv)[i][0] != '-' && std::filesystem::is_regular_file((*argv)[i])) explain((*argv)[i]);
  } catch (const ravel::usage_error& misuse) {
    refuse(misuse.what());
  }
  return 0;
}

[[gnu::visibility("default")]] int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    if (!session()) session().emplace(ravel::only_fuzz_target());
    session()->run(body_of(data, size));
    for (const std::uint32_t one : session()->interruptions()) {
      std::uint8_t& counter = interruption_counters[one % counter_count];
      counter = counter == 255 ? counter : static_cast<std::uint8_t>(counter + 1);
    }
  } catch (const ravel::usage_error& misuse) {
    refuse(misuse.what());
  }
  return 0;
}

[[gnu::visibility("default")]] std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                                                   std::size_t most, unsigned seed) {
  seeded from(seed);
  const ravel::fuzz_target& target = ravel::only_fuzz_target();
  ravel::fuzz_input input;
  if (from.below(50) == 0)
    target.draw(from, input);
  else
    decode_input(body_of(data, size), input);
  for (std::uint64_t left = 1 + from.below(3); left != 0; --left) target.change(from, input, nullptr);
  return write(input, data, most);
}

[[gnu::visibility("default")]] std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                                                     const std::uint8_t* two, std::size_t two_size,
                                                                     std::uint8_t* out, std::size_t most,
                                                                     unsigned seed) {
  seeded from(seed);
  ravel::fuzz_input input, other;
  decode_input(body_of(one, one_size), input);
  decode_input(body_of(two, two_size), other);
  for (std::uint64_t left = 1 + from.below(4); left != 0; --left) ravel::only_fuzz_target().change(from, input, &other);
  return write(input, out, most);
}
}
