// SPDX-License-Identifier: MIT
// See json_report.hpp. Linking this object (the linker option -u ravel_json_registered does) is what makes
// RAVEL_REPORT_DIR work.
#include "json_report.hpp"

#include "report/sinks.hpp"

#include <ravel/environment.hpp>
#include <ravel/token.hpp>

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

namespace ravel::detail {

namespace {

using json = nlohmann::ordered_json;

json to_value(const frame& frame) {
  json value = {{"function", frame.function}, {"file", frame.file},     {"line", frame.line},
                {"module", frame.module},     {"offset", frame.offset}, {"is_user", frame.is_user}};
  return value;
}

json to_value(const actor& actor) {
  json stack = json::array();
  for (const frame& frame : actor.stack) stack.push_back(to_value(frame));
  return {{"thread", actor.thread},
          {"action", actor.action},
          {"object", actor.object},
          {"place", to_value(actor.place)},
          {"stack", std::move(stack)}};
}

json to_value(const step& step) {
  return {{"thread", step.thread},       {"operation", step.operation},       {"object", step.object},
          {"value", step.value},         {"place", to_value(step.place)},     {"is_switch", step.is_switch},
          {"skipped", step.skipped},     {"skipped_what", step.skipped_what}, {"calls", step.calls},
          {"is_chosen", step.is_chosen}, {"is_marked", step.is_marked},       {"times", step.times},
          {"round", step.round},         {"came_again", step.came_again}};
}

json to_value(const finding& finding) {
  json interleaving = json::array();
  for (const step& step : finding.interleaving) interleaving.push_back(to_value(step));
  json actors = json::array();
  for (const actor& actor : finding.actors) actors.push_back(to_value(actor));
  json value = {{"kind", word_for(finding.kind)},
                {"what", finding.what},
                {"check", finding.check},
                {"is_informative", finding.is_informative},
                {"doubt", finding.doubt == doubt_kind::none    ? "none"
                          : finding.doubt == doubt_kind::stack ? "stack"
                                                               : "calls"},
                {"doubtful_modules", finding.doubtful_modules},
                {"is_trusted", finding.is_trusted},
                {"suppressed", nullptr},
                {"first_trial", finding.first_trial},
                {"trials_seen", finding.trials_seen},
                {"trials_counted", finding.trials_counted},
                {"sightings", finding.sightings},
                {"token", finding.token},
                {"rerun", finding.rerun},
                {"actors", std::move(actors)},
                {"notes", finding.notes},
                {"replays", finding.replays},
                {"replays_shown", finding.replays_shown},
                {"replayed_from", finding.replayed_from},
                {"directed", finding.directed},
                {"is_confirmed", finding.is_confirmed},
                {"interleaving", std::move(interleaving)},
                {"heap_objects", finding.heap_objects},
                {"left_out", finding.left_out},
                {"trace_file", finding.trace_file},
                {"is_minimised", finding.is_minimised},
                {"switches", finding.switches}};
  if (!finding.suppressed.empty()) value["suppressed"] = finding.suppressed;
  return value;
}

json to_value(const outcome_histogram& histogram) {
  json values = json::array();
  for (const outcome_count& one : histogram.values)
    values.push_back({{"value", one.value}, {"kind", word_for(one.kind)}, {"count", one.count}});
  return {
      {"file", histogram.file}, {"line", histogram.line}, {"values", std::move(values)}, {"others", histogram.others}};
}

std::string hash_text(const std::string& name) {
  char text[8];
  std::snprintf(text, sizeof text, "%04x", static_cast<unsigned>(hash_of_test_case(name)));
  return text;
}

std::string program_name() {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "program" : path.filename().string();
}

[[noreturn]] void fail(const std::string& directory, const std::string& what, const std::string& reason) {
  throw std::runtime_error("cannot write results to RAVEL_REPORT_DIR=" + directory + ": " + what + ": " + reason);
}

void write_to_report_dir(const report& report) {
  if (report.is_passed_over) return;
  const environment asked = read_environment();
  if (asked.report_dir.empty()) return;
  static std::map<std::string, unsigned> repeats;
  const std::string shard =
      asked.shards == 1 ? "" : "shard-" + std::to_string(asked.shard) + "-of-" + std::to_string(asked.shards);
  const unsigned repeat = ++repeats[report.lane + "\n" + report.name];
  write_json(report, asked.report_dir, json_file_name(report, program_name(), shard, repeat));
}

}  // namespace

std::string to_json(const report& report) {
  json findings = json::array();
  for (const finding& finding : report.findings) findings.push_back(to_value(finding));
  json outcomes = json::array();
  for (const outcome_histogram& histogram : report.outcomes) outcomes.push_back(to_value(histogram));
  const json value = {{"schema", "ravel-report/1"},
                      {"name", report.name},
                      {"test_case", hash_text(report.name)},
                      {"lane", report.lane},
                      {"mode", report.mode},
                      {"variant", report.variant},
                      {"verdict", word_for(report.verdict)},
                      {"reason", report.reason},
                      {"seed", report.seed},
                      {"trials_run", report.trials_run},
                      {"trials_wanted", report.trials_wanted},
                      {"is_cut_short", report.is_cut_short},
                      {"threads_seen", report.threads_seen},
                      {"points_seen", report.points_seen},
                      {"switches_seen", report.switches_seen},
                      {"schedules_seen", report.schedules_seen},
                      {"seconds", report.seconds},
                      {"uninstrumented", report.uninstrumented},
                      {"notes", report.notes},
                      {"outcomes", std::move(outcomes)},
                      {"findings", std::move(findings)}};
  // Names and messages come from the target: bytes that are no UTF-8 are replaced, not a reason to lose the rest.
  return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string json_file_name(const report& report, const std::string& program, const std::string& shard,
                           unsigned repeat) {
  std::string name = report.lane == report.mode ? program + "." + report.mode : report.lane;
  name += "." + hash_text(report.name);
  if (!shard.empty()) name += "." + shard;
  if (repeat > 1) name += "." + std::to_string(repeat);
  for (char& c : name) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    if (!is_plain) c = '_';
  }
  if (name.front() == '.') name.front() = '_';
  return name + ".json";
}

void write_json(const report& report, const std::string& directory, const std::string& file_name) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) fail(directory, "the directory cannot be made", error.message());
  const std::string final_name = directory + "/" + file_name;
  const std::string temporary = final_name + "." + std::to_string(getpid()) + ".part";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    if (!file) fail(directory, temporary, std::strerror(errno));
    file << to_json(report) << std::flush;
    if (!file) {
      const std::string reason = std::strerror(errno);
      std::filesystem::remove(temporary, error);
      fail(directory, temporary, reason);
    }
  }
  std::filesystem::rename(temporary, final_name, error);
  if (error) fail(directory, final_name, error.message());
}

}  // namespace ravel::detail

extern "C" {
__attribute__((used, visibility("default"))) int ravel_json_registered =
    (ravel::detail::add_report_writer(ravel::detail::write_to_report_dir), 1);
}
