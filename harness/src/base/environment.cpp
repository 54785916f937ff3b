// SPDX-License-Identifier: MIT
// See ravel/environment.hpp. Every RAVEL_ name in the environment is looked at, so that a misspelt one is
// refused instead of ignored.
#include <ravel/environment.hpp>

#include "mode_names.hpp"

#include <ravel/usage_error.hpp>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace ravel {

namespace {

constexpr std::string_view known_names[] = {
    "RAVEL_MODE",           "RAVEL_ROUNDS",        "RAVEL_EXECUTIONS",
    "RAVEL_SECONDS",        "RAVEL_ENGINE",        "RAVEL_ISOLATION",
    "RAVEL_SEED",           "RAVEL_STRATEGY",      "RAVEL_REPLAY",
    "RAVEL_REPORT_DIR",     "RAVEL_SHARD",         "RAVEL_LANE",
    "RAVEL_BUILD_DIR",      "RAVEL_VARIANT",       "RAVEL_TOOL",
    "RAVEL_CMAKE_ROUNDS",   "RAVEL_CMAKE_SECONDS", "RAVEL_UNINSTRUMENTED",
    "RAVEL_CANARY_STATUS",  "RAVEL_VALGRIND_LOG",  "RAVEL_CMAKE_EXECUTIONS",
    "RAVEL_POINTS",         "RAVEL_HOLD_UP",       "RAVEL_SPURIOUS_WAKEUPS",
    "RAVEL_EARLY_TIMEOUTS", "RAVEL_FAILING_TRIES", "RAVEL_SCRATCH",
    "RAVEL_TRUSTED",        "RAVEL_CMAKE_TRUSTED", "RAVEL_NAMES",
    "RAVEL_STOP_AFTER",
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j - 1] + 1, above + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

void refuse_unknown_names() {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with("RAVEL_")) continue;
    const std::string_view name = text.substr(0, text.find('='));
    if (std::ranges::find(known_names, name) != std::end(known_names)) continue;
    const auto nearest =
        std::ranges::min_element(known_names, {}, [&](std::string_view known) { return edit_distance(name, known); });
    throw usage_error("the environment variable " + std::string(name) + " is not known; did you mean " +
                      std::string(*nearest) + "? Unset it, or correct its name.");
  }
}

std::string text_of(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

[[noreturn]] void refuse(const char* name, const std::string& value, const std::string& instead) {
  throw usage_error(std::string(name) + "=\"" + value + "\" cannot be used: write " + instead + ".");
}

std::optional<std::uint64_t> number_of(const char* name, bool may_be_zero, const char* instead) {
  const std::string value = text_of(name);
  if (value.empty() && std::getenv(name) == nullptr) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || (number == 0 && !may_be_zero))
    refuse(name, value, instead);
  return number;
}

std::optional<double> number_of_seconds(const char* name, bool may_be_zero, const std::string& wanted) {
  const std::string value = text_of(name);
  if (value.empty() && std::getenv(name) == nullptr) return std::nullopt;
  double seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  const bool is_in_range = seconds > 0 ? seconds <= 1e9 : may_be_zero && seconds == 0;
  if (error != std::errc{} || end != value.data() + value.size() || !is_in_range) refuse(name, value, wanted);
  return seconds;
}

std::optional<double> seconds_of(const char* name) {
  return number_of_seconds(name, false, std::string("a number of seconds above 0, e.g. ") + name + "=2.5");
}

std::optional<bool> switch_of(const char* name) {
  const std::string value = text_of(name);
  if (value.empty() && std::getenv(name) == nullptr) return std::nullopt;
  if (value == "1" || value == "0") return value == "1";
  refuse(name, value, "1 (on) or 0 (off)");
}

template <class First, class Second>
auto first_of(First first, Second second) {
  return first ? first : second;
}

void read_shard(environment& result) {
  std::string value = text_of("RAVEL_SHARD");
  const char* name = "RAVEL_SHARD";
  if (value.empty() && std::getenv("TEST_TOTAL_SHARDS") != nullptr) {
    name = "TEST_SHARD_INDEX/TEST_TOTAL_SHARDS";
    value = text_of("TEST_SHARD_INDEX") + "/" + text_of("TEST_TOTAL_SHARDS");
  }
  if (value.empty()) return;
  const std::size_t slash = value.find('/');
  const char* end = value.data() + value.size();
  if (slash != std::string::npos) {
    const auto index = std::from_chars(value.data(), value.data() + slash, result.shard);
    const auto count = std::from_chars(value.data() + slash + 1, end, result.shards);
    if (index.ec == std::errc{} && index.ptr == value.data() + slash && count.ec == std::errc{} && count.ptr == end &&
        result.shard < result.shards)
      return;
  }
  refuse(name, value, "i/n with i from 0 to n-1, e.g. RAVEL_SHARD=0/4");
}

void read_mode(environment& result) {
  result.mode = text_of("RAVEL_MODE");
  // A token tells which mode it is from.
  if (result.mode.empty()) result.mode = detail::mode_of(result.replay ? &*result.replay : nullptr);
  const std::string aside =
      result.mode == "fuzz" ? "; what ravel_add_fuzz_test makes fuzzes by itself, without this variable" : "";
  if (!detail::is_mode_name(result.mode)) refuse("RAVEL_MODE", result.mode, detail::known_modes() + aside);
}

std::optional<engine_choice> read_engine() {
  const std::string value = text_of("RAVEL_ENGINE");
  if (value.empty()) return std::nullopt;
  if (value == "automatic") return engine_choice::automatic;
  if (value == "user") return engine_choice::user;
  if (value == "kernel") return engine_choice::kernel;
  refuse("RAVEL_ENGINE", value, "automatic, user or kernel");
}

std::optional<isolation> read_isolation() {
  const std::string value = text_of("RAVEL_ISOLATION");
  if (value.empty()) return std::nullopt;
  if (value == "batch") return isolation::batch;
  if (value == "trial") return isolation::trial;
  if (value == "none") return isolation::none;
  refuse("RAVEL_ISOLATION", value, "batch, trial or none");
}

token replay_of(const std::string& text) {
  try {
    return parse_token(text);
  } catch (const usage_error& misuse) {
    throw usage_error(std::string("RAVEL_REPLAY: ") + misuse.what());
  }
}

// Empty elements are left out.
std::vector<std::string> list_of(const char* name) {
  std::vector<std::string> list;
  const std::string text = text_of(name);
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    if (comma != 0) list.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return list;
}

}  // namespace

environment read_environment() {
  refuse_unknown_names();
  environment result;
  if (const std::string replay = text_of("RAVEL_REPLAY"); !replay.empty()) result.replay = replay_of(replay);
  read_mode(result);
  result.lane = text_of("RAVEL_LANE");
  result.build_dir = text_of("RAVEL_BUILD_DIR");
  result.variant = text_of("RAVEL_VARIANT");
  result.tool = text_of("RAVEL_TOOL");
  result.report_dir = text_of("RAVEL_REPORT_DIR");
  result.canary_status = text_of("RAVEL_CANARY_STATUS");
  const char* rounds = "a whole number above 0, e.g. 1000";
  result.rounds = first_of(number_of("RAVEL_ROUNDS", false, rounds), number_of("RAVEL_CMAKE_ROUNDS", false, rounds));
  const char* executions = "a whole number above 0, e.g. 10000";
  result.executions = first_of(number_of("RAVEL_EXECUTIONS", false, executions),
                               number_of("RAVEL_CMAKE_EXECUTIONS", false, executions));
  result.points = number_of("RAVEL_POINTS", false, "how many points an execution may pass, e.g. 1000000");
  result.hold_up = number_of_seconds(
      "RAVEL_HOLD_UP", true, "for how many seconds a machine may hold a thread up, e.g. 0.1; 0: no wait ends early");
  result.has_spurious_wakeups = switch_of("RAVEL_SPURIOUS_WAKEUPS");
  result.has_early_timeouts = switch_of("RAVEL_EARLY_TIMEOUTS");
  result.has_failing_tries = switch_of("RAVEL_FAILING_TRIES");
  result.has_scratch = switch_of("RAVEL_SCRATCH");
  if (const std::string name = text_of("RAVEL_STRATEGY"); !name.empty()) result.strategy = name;
  result.engine = read_engine();
  result.seconds = first_of(seconds_of("RAVEL_SECONDS"), seconds_of("RAVEL_CMAKE_SECONDS"));
  result.stop_after = number_of("RAVEL_STOP_AFTER", false, "after how many findings to stop, e.g. 1");
  result.seed = number_of("RAVEL_SEED", true, "a whole number, e.g. 7");
  result.isolation = read_isolation();
  read_shard(result);
  result.uninstrumented = list_of("RAVEL_UNINSTRUMENTED");
  result.trusted = list_of("RAVEL_TRUSTED");
  for (std::string& one : list_of("RAVEL_CMAKE_TRUSTED")) result.trusted.push_back(std::move(one));
  return result;
}

}  // namespace ravel
