// SPDX-License-Identifier: MIT
// Histories in files: what is written can be read and means the same; what is no history is refused with its line.
#include "catch.hpp"

#include <ravel/checks/check_history.hpp>
#include <ravel/checks/history_file.hpp>
#include <ravel/checks/models.hpp>

#include <sstream>
#include <stdexcept>
#include <string>

using namespace ravel::checks;

namespace {

history read(const std::string& text) {
  std::istringstream from(text);
  return read_history(from, "history.txt");
}
history read_etcd(const std::string& text) {
  std::istringstream from(text);
  return read_etcd_log(from, "etcd.log");
}
template <class Call>
std::string refusal(Call call) {
  try {
    static_cast<void>(call());
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "read";
}

}  // namespace

TEST_CASE("linearizable files: what is written is read again", "[checks]") {
  const std::string text =
      "ravel history 1\nmargin 2\n"
      "\"client#0\" 1 4 \"put\" 7 -> true\n"
      "\"client#1\" 2 5 \"put\" \"a \\\"text\\\"\" -> nothing\n"
      "\"client#0\" 6 9 \"take\" -> throws \"std::out_of_range: empty\"\n"
      "\"client#2\" 7 - \"take\" ->\n";
  const history given = read(text);
  REQUIRE(given.calls.size() == 4);
  CHECK(given.margin == 2);
  CHECK(given.words_for(given.calls[1]) == "put(a \"text\")");
  CHECK(given.words_for(given.calls[2].result) == "throws std::out_of_range: empty");
  CHECK(given.calls[3].is_pending());
  std::ostringstream to;
  write_history(to, given);
  CHECK(to.str() == text);
}

TEST_CASE("linearizable files: what is no history is refused with its line", "[checks]") {
  CHECK(refusal([] { return read("something else\n"); }).starts_with("history.txt:1: the first line"));
  CHECK(refusal([] { return read("ravel history 1\na 1 2 put 3\n"); }).starts_with("history.txt:2: a call is"));
  CHECK(refusal([] { return read("ravel history 1\n\na x 2 put -> 3\n"); }) ==
        "history.txt:3: \"x\" is no time; write a whole number");
  CHECK(
      refusal([] { return read("ravel history 1\na 5 2 put -> 3\n"); }).starts_with("history.txt:2: the call returns"));
  CHECK(refusal([] { return read("ravel history 1\na 1 2 put one -> 3\n"); }).starts_with("history.txt:2: \"one\""));
  CHECK(refusal([] { return read("ravel history 1\na 1 2 put \"one -> 3\n"); }).starts_with("history.txt:2: a text"));
}

TEST_CASE("linearizable files: an etcd log is a register's history", "[checks]") {
  const std::string log =
      "INFO  jepsen.core - Worker 1 starting\n"
      "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n"
      "INFO  jepsen.util - 0\t:ok\t:read\tnil\n"
      "INFO  jepsen.util - 1\t:invoke\t:write\t3\n"
      "INFO  jepsen.util - 1\t:info\t:write\t:timed-out\n"
      "INFO  jepsen.util - 2\t:invoke\t:cas\t[3 4]\n"
      "INFO  jepsen.util - 2\t:ok\t:cas\t[3 4]\n"
      "INFO  jepsen.util - 0\t:invoke\t:cas\t[9 1]\n"
      "INFO  jepsen.util - 0\t:fail\t:cas\t[9 1]\n"
      "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n"
      "INFO  jepsen.util - 0\t:fail\t:read\t:timed-out\n"
      "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n";
  const history right = read_etcd(log + "INFO  jepsen.util - 0\t:ok\t:read\t4\n");
  CHECK(right.calls.size() == 5);
  CHECK(check_history(right, register_model{.now = {}}).answer == answer::holds);
  const history wrong = read_etcd(log + "INFO  jepsen.util - 0\t:ok\t:read\t5\n");
  CHECK(check_history(wrong, register_model{.now = {}}).answer == answer::fails);
  CHECK(refusal([&] { return read_etcd(log + "nonsense\n"); }).starts_with("etcd.log:13: "));
  CHECK(
      refusal([&] { return read_etcd(log + "INFO  jepsen.util - 7\t:ok\t:read\t4\n"); }).starts_with("etcd.log:13: "));
}
