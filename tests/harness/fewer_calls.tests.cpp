// SPDX-License-Identifier: MIT
// Calls that an execution can do without: what a trace knows of them, and where a script's switches are without them.
#include "catch.hpp"

#include "modes/explore/fewer_calls.hpp"

#include <memory>
#include <string>
#include <vector>

using ravel::detail::calls_of;
using ravel::detail::decision_kind;
using ravel::detail::made_call;
using ravel::detail::operation;
using ravel::detail::script_without;
using ravel::detail::scripted_switch;
using ravel::detail::trace;

namespace {

constexpr std::uint64_t first = 11, second = 22;  // paths

// Two threads of 9 events each, the last their end; the first has calls from events 1, 3 and 6 on, the other from 2 on.
std::unique_ptr<trace> example() {
  auto made = std::make_unique<trace>();
  made->thread_count = 3;
  made->threads[0].path = 1;
  made->threads[1].path = first;
  made->threads[1].nth_child = 1;
  made->threads[2].path = second;
  made->threads[2].nth_child = 2;
  for (std::uint32_t thread = 1; thread <= 2; ++thread)
    for (std::uint64_t event = 1; event <= 9; ++event) {
      ravel::detail::traced_event& added = made->events[made->event_count++];
      added.thread = thread;
      added.event = event;
      added.what = event == 9 ? operation::exit : operation::lock;
    }
  made->calls[0] = {first, 1, 1, true};
  made->calls[1] = {second, 1, 2, true};
  made->calls[2] = {first, 2, 3, true};
  made->calls[3] = {first, 3, 6, true};
  made->call_count = 4;
  return made;
}

scripted_switch at(std::uint64_t thread, std::uint64_t event) {
  return {thread, event, thread == first ? second : first, decision_kind::at_point};
}

}  // namespace

TEST_CASE("fewer calls: a call's events end where the thread's next one begins, or with the thread", "[harness]") {
  const std::vector<made_call> calls = calls_of(*example());
  REQUIRE(calls.size() == 4);
  CHECK(calls[0] == made_call{{first, 1}, "1", 1, 3, true});
  CHECK(calls[1] == made_call{{second, 1}, "2", 2, 8, true});
  CHECK(calls[2] == made_call{{first, 2}, "1", 3, 6, true});
  CHECK(calls[3] == made_call{{first, 3}, "1", 6, 8, true});
}

TEST_CASE("fewer calls: switches after a call that is left out come so many events earlier", "[harness]") {
  const std::vector<made_call> calls = calls_of(*example());
  const std::vector<scripted_switch> script = {at(first, 1), at(first, 5), at(first, 8), at(second, 4)};
  CHECK(script_without(script, {}) == script);
  // Event 5 is the second event of the second call.
  CHECK(script_without(script, {calls[0]}) ==
        std::vector<scripted_switch>{at(first, 1), at(first, 3), at(first, 6), at(second, 4)});
  CHECK(script_without(script, {calls[2]}) ==
        std::vector<scripted_switch>{at(first, 1), at(first, 4), at(first, 5), at(second, 4)});
  CHECK(script_without(script, {calls[0], calls[2]}) ==
        std::vector<scripted_switch>{at(first, 1), at(first, 2), at(first, 3), at(second, 4)});
  CHECK(script_without(script, {calls[1]}) ==
        std::vector<scripted_switch>{at(first, 1), at(first, 5), at(first, 8), at(second, 3)});
}

TEST_CASE("fewer calls: a token names them in a row", "[harness]") {
  std::vector<made_call> calls = calls_of(*example());
  CHECK(ravel::detail::ranges_of(calls) == std::vector<ravel::detail::left_out_range>{{"1", 1, 3}, {"2", 1, 1}});
  calls.erase(calls.begin() + 2);
  CHECK(ravel::detail::ranges_of(calls) ==
        std::vector<ravel::detail::left_out_range>{{"1", 1, 1}, {"1", 3, 3}, {"2", 1, 1}});
  CHECK(ravel::detail::ranges_of({}).empty());
}
