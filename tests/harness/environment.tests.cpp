// SPDX-License-Identifier: MIT
// Every RAVEL_ variable is read or refused; none is ignored.
#include "catch.hpp"

#include <ravel/environment.hpp>
#include <ravel/usage_error.hpp>

#include <cstdlib>
#include <map>
#include <string>

namespace {

// Sets variables for its lifetime.
class with {
 public:
  explicit with(const std::map<std::string, std::string>& values) {
    for (const auto& [name, value] : values) {
      if (const char* old = std::getenv(name.c_str())) before_[name] = old;
      setenv(name.c_str(), value.c_str(), 1);
      names_.push_back(name);
    }
  }
  ~with() {
    for (const std::string& name : names_) {
      unsetenv(name.c_str());
      if (before_.count(name) != 0) setenv(name.c_str(), before_[name].c_str(), 1);
    }
  }
  with(const with&) = delete;
  with& operator=(const with&) = delete;

 private:
  std::map<std::string, std::string> before_;
  std::vector<std::string> names_;
};

std::string refusal_of(const std::map<std::string, std::string>& values) {
  const with set(values);
  try {
    static_cast<void>(ravel::read_environment());
  } catch (const ravel::usage_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("environment: values are read", "[harness]") {
  const with set({{"RAVEL_ROUNDS", "12"},
                  {"RAVEL_SECONDS", "2.5"},
                  {"RAVEL_SEED", "0"},
                  {"RAVEL_ISOLATION", "trial"},
                  {"RAVEL_REPLAY", "r1.4f2a.stress.7.17"},
                  {"RAVEL_SHARD", "1/3"},
                  {"RAVEL_UNINSTRUMENTED", "a,b"}});
  const ravel::environment asked = ravel::read_environment();
  CHECK(asked.mode == "stress");
  CHECK(asked.rounds == 12u);
  CHECK(asked.seconds == 2.5);
  CHECK(asked.seed == 0u);
  CHECK(asked.isolation == ravel::isolation::trial);
  REQUIRE(asked.replay.has_value());
  CHECK(asked.replay->trial == 17);
  CHECK(asked.shard == 1);
  CHECK(asked.shards == 3);
  CHECK(asked.uninstrumented == std::vector<std::string>{"a", "b"});
}

TEST_CASE("environment: the user's own value beats the one from CMake", "[harness]") {
  const with set({{"RAVEL_CMAKE_ROUNDS", "5"}, {"RAVEL_CMAKE_SECONDS", "3"}, {"RAVEL_ROUNDS", "9"}});
  const ravel::environment asked = ravel::read_environment();
  CHECK(asked.rounds == 9u);
  CHECK(asked.seconds == 3.0);
}

TEST_CASE("environment: unknown names and malformed values are refused", "[harness]") {
  CHECK(refusal_of({{"RAVEL_ROUND", "5"}}).find("did you mean RAVEL_ROUNDS") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_ROUNDS", "0"}}).find("above 0") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_ROUNDS", "-5"}}).find("above 0") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_ROUNDS", "many"}}).find("\"many\"") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_SECONDS", "-1"}}).find("above 0") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_SECONDS", ""}}).find("above 0") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_ISOLATION", "some"}}).find("batch, trial or none") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_MODE", "fuzz"}}).find("ravel_add_fuzz_test") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_MODE", "walk"}}).find("write stress or explore") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_ENGINE", "fast"}}).find("automatic, user or kernel") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_EXECUTIONS", "0"}}).find("above 0") != std::string::npos);
  CHECK(refusal_of({{"RAVEL_SHARD", "3/3"}}).find("from 0 to n-1") != std::string::npos);
  CHECK(refusal_of({{"TEST_TOTAL_SHARDS", "2"}, {"TEST_SHARD_INDEX", "2"}}).find("TEST_SHARD_INDEX") !=
        std::string::npos);
  CHECK(refusal_of({{"RAVEL_REPLAY", "r1.zz"}}).find("not a token") != std::string::npos);
}
