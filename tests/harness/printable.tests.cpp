// SPDX-License-Identifier: MIT
// What targets name and say cannot write to a terminal, nor forge a report's lines.
#include "report/printable.hpp"
#include "catch.hpp"

#include <ravel/stress.hpp>

#include <string>

using ravel::detail::printable;

TEST_CASE("printable: text stays, control bytes and what is no UTF-8 are escaped", "[harness]") {
  CHECK(printable("") == "");
  CHECK(printable("two words, 100 %, \\") == "two words, 100 %, \\");
  CHECK(printable("Gr\xc3\xbc\xc3\x9f"
                  "e \xe2\x82\xac \xf0\x9f\x8e\x89") ==
        "Gr\xc3\xbc\xc3\x9f"
        "e \xe2\x82\xac \xf0\x9f\x8e\x89");
  CHECK(printable("\x1b[31mred\x1b[0m") == "\\x1b[31mred\\x1b[0m");
  CHECK(printable("a\nb\tc\rd\x7f") == "a\\nb\\tc\\rd\\x7f");
  CHECK(printable(std::string("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\xff\xfe") == "\\xff\\xfe");
  CHECK(printable("cut \xe2\x82") == "cut \\xe2\\x82");
  CHECK(printable("\xc0\xaf \xed\xa0\x80 \xf5\x80\x80\x80") == "\\xc0\\xaf \\xed\\xa0\\x80 \\xf5\\x80\\x80\\x80");
  CHECK(printable("\xc2\x9b"
                  "31m") ==
        "\\xc2\\x9b"
        "31m");
}

TEST_CASE("printable: so is what a finding and a run are called", "[harness]") {
  const ravel::report report = ravel::stress({.name = "odd\x1b[2J", .rounds = 20}, [](ravel::trial& trial) {
    trial.threads(2, "client\x1b[1m", [](ravel::worker& me) {
      me.require_equal(std::string("\x1b[31m"), std::string("\n\nclean: nothing found"), "a\x07 bell");
    });
    trial.run();
  });
  const std::string text = ravel::to_text(report);
  INFO(text);
  CHECK(report.verdict == ravel::verdict::faulty);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
  CHECK(text.find("\nclean:") == std::string::npos);
  CHECK(text.find("client\\x1b[1m") != std::string::npos);
  CHECK(text.find("odd\\x1b[2J") != std::string::npos);
}
