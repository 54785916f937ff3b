// SPDX-License-Identifier: MIT
// Tokens read back what they say; a corrupt one is refused with its fault named.
#include "catch.hpp"

#include <ravel/token.hpp>
#include <ravel/usage_error.hpp>

#include <string>

namespace {

std::string refusal_of(const char* text) {
  try {
    static_cast<void>(ravel::parse_token(text));
  } catch (const ravel::usage_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("token: what is written is read back", "[harness]") {
  const ravel::token token{0x4f2a, "stress", 7, 17};
  CHECK(ravel::to_string(token) == "r1.4f2a.stress.7.17");
  const ravel::token read = ravel::parse_token("r1.4f2a.stress.7.17");
  CHECK(read.test_case == 0x4f2a);
  CHECK(read.strategy == "stress");
  CHECK(read.seed == 7);
  CHECK(read.trial == 17);
}

TEST_CASE("token: what explore mode adds is read back", "[harness]") {
  for (const char* text :
       {"r1.4f2a.pct.7.17", "r1.4f2a.pct.7.3-17", "r1.4f2a.schedule.7.17.s1:write:a.cpp=4=00ff:1:2,x"})
    CHECK(ravel::to_string(ravel::parse_token(text)) == text);
  CHECK(ravel::parse_token("r1.4f2a.pct.7.3-17").first == 3);
  CHECK(ravel::parse_token("r1.4f2a.pct.7.3-17").trial == 17);
  CHECK(ravel::parse_token("r1.4f2a.schedule.7.17.a.b.c").schedule == "a.b.c");
}

TEST_CASE("token: corrupt schedules are refused with the reason", "[harness]") {
  CHECK(refusal_of("r1.4f2a.schedule.7.17").find("the schedule, is missing") != std::string::npos);
  CHECK(refusal_of("r1.4f2a.schedule.7.17.").find("is empty") != std::string::npos);
  CHECK(refusal_of("r1.4f2a.schedule.7.17.a$b").find("character '$'") != std::string::npos);
  CHECK(refusal_of("r1.4f2a.pct.7.18-17").find("comes after") != std::string::npos);
  CHECK(refusal_of("r1.4f2a.pct.7.0-17").find("count from 1") != std::string::npos);
  CHECK(refusal_of("r1.4f2a.pct.7.x-17").find("first trial \"x\"") != std::string::npos);
}

TEST_CASE("token: corrupt ones are refused with the reason", "[harness]") {
  CHECK(refusal_of("").find("start with \"r1.\"") != std::string::npos);
  CHECK(refusal_of("r2.4f2a.stress.7.17").find("start with \"r1.\"") != std::string::npos);
  CHECK(refusal_of("r1.4f2a.stress.7").find("4 of five parts") != std::string::npos);
  CHECK(refusal_of("r1.4f2a.stress.7.17.1").find("more than five") != std::string::npos);
  CHECK(refusal_of("r1.4f2.stress.7.17").find("four hexadecimal digits") != std::string::npos);
  CHECK(refusal_of("r1.4g2a.stress.7.17").find("\"4g2a\" is not a number") != std::string::npos);
  CHECK(refusal_of("r1.4f2a..7.17").find("strategy") != std::string::npos);
  CHECK(refusal_of("r1.4f2a.stress.x.17").find("seed") != std::string::npos);
  CHECK(refusal_of("r1.4f2a.stress.7.0").find("count from 1") != std::string::npos);
  CHECK(refusal_of("r1.4f2a.stress.7.99999999999999999999").find("not a number") != std::string::npos);
}
