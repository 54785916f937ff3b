// SPDX-License-Identifier: MIT
// Schedules in tokens: what is written is read back, with characters that need no quotes; corrupt ones are refused.
#include "catch.hpp"

#include "modes/explore/schedule_text.hpp"

#include <ravel/usage_error.hpp>

#include <string>
#include <vector>

using ravel::detail::anchored_switch;
using ravel::detail::decision_kind;
using ravel::detail::operation;
using ravel::detail::parse_schedule;
using ravel::detail::written_schedule;

namespace {

std::string refusal_of(const char* text) {
  try {
    static_cast<void>(parse_schedule(text));
  } catch (const ravel::usage_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("schedule text: what is written is read back", "[harness]") {
  const std::vector<anchored_switch> schedule = {
      {decision_kind::at_point, "1", operation::atomic_update, "cache.cpp", 41, 0xbeef, 2, "2-1"},
      {decision_kind::forced, "0", operation::start, "", 0, 0, 0, "2"},
      {decision_kind::pick, "2-1", operation::signal, "a file, with: odd=$name.cpp", 7, 1, 1, "3"},
  };
  const std::string text = ravel::detail::to_text({{}, schedule});
  CHECK(text ==
        "s1:atomic_update:cache.cpp=41=beef:2:2-1,b0:start::0:2,"
        "p2-1:signal:a%20file%2C%20with%3A%20odd%3D%24name.cpp=7=0001:1:3");
  CHECK(parse_schedule(text).switches == schedule);
  CHECK(parse_schedule(text).left_out.empty());
  CHECK(ravel::detail::to_text({}) == "none");
  CHECK(parse_schedule("none") == written_schedule{});
}

TEST_CASE("schedule text: the lines around a place are written when they are known", "[harness]") {
  const std::vector<anchored_switch> schedule = {
      {decision_kind::at_point, "1", operation::lock, "a.cpp", 4, 0xff, 1, "2", 0x0a1b}};
  CHECK(ravel::detail::to_text({{}, schedule}) == "s1:lock:a.cpp=4=00ff0a1b:1:2");
  CHECK(parse_schedule("s1:lock:a.cpp=4=00ff0a1b:1:2").switches == schedule);
  CHECK(parse_schedule("s1:lock:a.cpp=4=00ff:1:2").switches[0].around == 0);
}

TEST_CASE("schedule text: calls that are left out come before the switches", "[harness]") {
  const written_schedule schedule = {{{"0", 2, 2}, {"2-1", 1, 14}},
                                     {{decision_kind::at_point, "1", operation::lock, "a.cpp", 4, 0xff, 1, "2"}}};
  CHECK(ravel::detail::to_text(schedule) == "x0:2,x2-1:1-14,s1:lock:a.cpp=4=00ff:1:2");
  CHECK(parse_schedule(ravel::detail::to_text(schedule)) == schedule);
  CHECK(parse_schedule("x1:3") == written_schedule{{{"1", 3, 3}}, {}});
  CHECK(refusal_of("x1").find("a thread and their numbers") != std::string::npos);
  CHECK(refusal_of("x1:0").find("calls count from 1") != std::string::npos);
  CHECK(refusal_of("x1:4-2").find("the first one is named first") != std::string::npos);
  CHECK(refusal_of("x1:1-999999").find("no more than 1024") != std::string::npos);
  CHECK(refusal_of("x1:1-2-3").find("two joined by '-'") != std::string::npos);
  CHECK(refusal_of("xa:1").find("\"a\" is not a number") != std::string::npos);
}

TEST_CASE("schedule text: every operation is read back", "[harness]") {
  for (unsigned what = 0; what < ravel::detail::operation_count; ++what) {
    const std::vector<anchored_switch> schedule = {
        {decision_kind::at_point, "1", static_cast<operation>(what), "a.cpp", 1, 1, 1, "2"}};
    CHECK(parse_schedule(ravel::detail::to_text({{}, schedule})).switches == schedule);
  }
}

TEST_CASE("schedule text: corrupt ones are refused with the reason", "[harness]") {
  CHECK(refusal_of("s1:write:a.cpp=4=00ff:1").find("five parts") != std::string::npos);
  CHECK(refusal_of("y1:write:a.cpp=4=00ff:1:2").find("starts with s, b or p") != std::string::npos);
  CHECK(refusal_of("s1:rite:a.cpp=4=00ff:1:2").find("no operation \"rite\"") != std::string::npos);
  CHECK(refusal_of("s1:write:a.cpp=4:1:2").find("a file, a line and a hash") != std::string::npos);
  CHECK(refusal_of("sx:write:a.cpp=4=00ff:1:2").find("\"x\" is not a number") != std::string::npos);
  CHECK(refusal_of("s1:write:a.cpp=4=00ff:1:2-").find("not a number") != std::string::npos);
  CHECK(refusal_of("s1:write:a.cpp=4=zz:1:2").find("\"zz\" is not a number") != std::string::npos);
  CHECK(refusal_of("s1:write:a%g.cpp=4=1:1:2").find("\"g.\" is not a number") != std::string::npos);
  CHECK(refusal_of("s1:write:a.cpp=4=00ff:1:2,").find("five parts") != std::string::npos);
}
