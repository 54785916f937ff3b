// SPDX-License-Identifier: MIT
// Results as JSON: every field of schema.md is there, files are written whole, failure to write is an error.
#include "adapters/json/json_report.hpp"
#include "catch.hpp"

#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

using nlohmann::json;

namespace {

ravel::report small_report() {
  ravel::report report;
  report.verdict = ravel::verdict::faulty;
  report.name = "cache: \"quoted\"";
  report.lane = "cache_test.stress.thread";
  report.mode = "stress";
  report.variant = "thread";
  report.seed = 7;
  report.trials_run = 412;
  ravel::finding finding;
  finding.kind = ravel::finding_kind::race;
  finding.what = "on size_ \xff not UTF-8";
  finding.token = "r1.4f2a.stress.7.17";
  ravel::actor actor;
  actor.thread = "client#3";
  actor.place.file = "/home/me/cache.cpp";
  actor.place.line = 41;
  actor.stack.push_back(actor.place);
  finding.actors.push_back(actor);
  report.findings.push_back(finding);
  report.outcomes.push_back(
      {"/home/me/cache_test.cpp", 12, {{"(0, 1)", ravel::outcome_kind::forbidden, 3}, {"7", {}, 1}}, 5});
  return report;
}

class scratch_folder {
 public:
  scratch_folder() {
    path = std::filesystem::temp_directory_path() / "ravel-json-XXXXXX";
    REQUIRE(mkdtemp(path.data()) != nullptr);
  }
  ~scratch_folder() { std::filesystem::remove_all(path); }
  std::string path;
};

std::string content_of(const std::string& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// The part of JSON Schema that schema.json uses, so that the test needs no further library.
void check_against(const json& schema, const json& root, const json& value, const std::string& where) {
  if (schema.contains("$ref")) {
    const std::string name = schema["$ref"].get<std::string>().substr(std::string("#/$defs/").size());
    return check_against(root["$defs"][name], root, value, where);
  }
  INFO(where);
  if (schema.contains("const")) CHECK(value == schema["const"]);
  if (schema.contains("enum")) CHECK(std::count(schema["enum"].begin(), schema["enum"].end(), value) == 1);
  if (schema.contains("type")) {
    const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    bool fits = false;
    for (const std::string type : types)
      fits = fits || (type == "string" && value.is_string()) || (type == "integer" && value.is_number_integer()) ||
             (type == "number" && value.is_number()) || (type == "boolean" && value.is_boolean()) ||
             (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
             (type == "null" && value.is_null());
    CHECK(fits);
  }
  if (schema.contains("required"))
    for (const std::string field : schema["required"]) {
      INFO(where + "/" + field);
      CHECK(value.contains(field));
    }
  if (schema.contains("properties")) {
    for (const auto& [field, inner] : value.items()) {
      INFO("a field the schema does not tell: " + where + "/" + field);
      CHECK(schema["properties"].contains(field));
    }
    for (const auto& [field, inner] : schema["properties"].items())
      if (value.contains(field)) check_against(inner, root, value[field], where + "/" + field);
  }
  if (schema.contains("items"))
    for (const json& item : value) check_against(schema["items"], root, item, where + "[]");
}

}  // namespace

TEST_CASE("json: a report fits the schema", "[harness]") {
  const std::string here = __FILE__;
  const std::string root = here.substr(0, here.rfind("tests/harness/"));
  const json schema = json::parse(content_of(root + "harness/src/adapters/json/schema.json"));
  check_against(schema, schema, json::parse(ravel::detail::to_json(small_report())), "report");
  ravel::report suppressed = small_report();
  suppressed.findings[0].suppressed = "known";
  const json value = json::parse(ravel::detail::to_json(suppressed));
  check_against(schema, schema, value, "report");
  CHECK(value["findings"][0]["suppressed"] == "known");
  CHECK(value["findings"][0]["kind"] == "RACE");
  CHECK(value["findings"][0]["actors"][0]["place"]["line"] == 41);
  CHECK(value["outcomes"][0]["line"] == 12);
  CHECK(value["outcomes"][0]["values"][0] == json{{"value", "(0, 1)"}, {"kind", "forbidden"}, {"count", 3}});
  CHECK(value["outcomes"][0]["others"] == 5);
}

TEST_CASE("json: file names hold lane, case, shard and repeat, and nothing a file system minds", "[harness]") {
  const ravel::report report = small_report();
  const std::string plain = ravel::detail::json_file_name(report, "prog", "", 1);
  CHECK(plain.starts_with("cache_test.stress.thread."));
  CHECK(plain.size() == std::string("cache_test.stress.thread.4f2a.json").size());
  CHECK(ravel::detail::json_file_name(report, "prog", "shard-0-of-4", 2).ends_with(".shard-0-of-4.2.json"));
  ravel::report outside = report;
  outside.lane = "stress";
  CHECK(ravel::detail::json_file_name(outside, "my prog", "", 1).starts_with("my_prog.stress."));
  outside.lane = "../../etc/x";
  CHECK(ravel::detail::json_file_name(outside, "p", "", 1).find('/') == std::string::npos);
}

TEST_CASE("json: written whole, into a directory made for it, and nothing else is left", "[harness]") {
  const scratch_folder folder;
  const std::string inner = folder.path + "/made/for it";
  ravel::detail::write_json(small_report(), inner, "a.json");
  ravel::detail::write_json(small_report(), inner, "a.json");
  CHECK(json::parse(content_of(inner + "/a.json"))["schema"] == "ravel-report/1");
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(inner)) ++files;
  CHECK(files == 1);
}

TEST_CASE("json: a directory that cannot be written is an error that names it", "[harness]") {
  const scratch_folder folder;
  const std::string file = folder.path + "/a file";
  std::ofstream(file) << "x";
  try {
    ravel::detail::write_json(small_report(), file + "/below", "a.json");
    FAIL("nothing was thrown");
  } catch (const std::runtime_error& error) {
    CHECK(std::string(error.what()).find(file) != std::string::npos);
    CHECK(std::string(error.what()).find("RAVEL_REPORT_DIR") != std::string::npos);
  }
}
