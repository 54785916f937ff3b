// SPDX-License-Identifier: MIT
// See trust.hpp.
#include "trust.hpp"

#include "printable.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>

namespace ravel::detail {

namespace {

std::string file_name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), std::free);
  return real == nullptr ? path : real.get();
}

// "a", "a and b", "a, b and c".
std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + printable(names[i]);
  return text;
}

std::vector<std::string> doubtful_modules_of(const report& report) {
  std::set<std::string> names;
  for (const finding& finding : report.findings)
    if (is_doubtful(finding)) names.insert(finding.doubtful_modules.begin(), finding.doubtful_modules.end());
  return {names.begin(), names.end()};
}

bool is_trusted(const std::string& module, const std::vector<std::string>& trusted, const module_table& modules) {
  std::string path = module;
  for (std::uint32_t i = 0; i < modules.count.load(); ++i)
    if (file_name_of(modules.entries[i].path) == module) path = modules.entries[i].path;
  return std::ranges::any_of(trusted, [&](const std::string& given) { return names_module(given, path); });
}

}  // namespace

bool names_module(const std::string& given, const std::string& path) {
  const std::string wanted = file_name_of(given), name = file_name_of(path);
  if (wanted.empty() || name.empty()) return false;
  // Versions may be left away: "libtbb.so" is "libtbb.so.12", and a file that is named in full is its link.
  if (name == wanted || name.starts_with(wanted + ".")) return true;
  return given.find('/') != std::string::npos && real_path(given) == real_path(path);
}

// "TBB::tbb=/usr/lib/libtbb.so.12.8", or the target alone.
void add_targets(report& report, const module_table& modules, const environment& asked) {
  const bool are_modules_named = !report.uninstrumented.empty();
  for (const std::string& item : asked.uninstrumented) {
    const std::size_t equals = item.find('=');
    const std::string target = item.substr(0, equals);
    bool is_loaded = false;
    for (std::uint32_t i = 0; i < modules.count.load() && equals != std::string::npos; ++i) {
      if (!names_module(item.substr(equals + 1), modules.entries[i].path)) continue;
      is_loaded = true;
      const std::string library = file_name_of(modules.entries[i].path);
      if (std::ranges::none_of(report.settled_by, [&](const library_target& one) {
            return one.library == library && one.target == target;
          }))
        report.settled_by.push_back({library, target});
    }
    if (is_loaded && are_modules_named) continue;
    if (std::ranges::find(report.uninstrumented, target) == report.uninstrumented.end())
      report.uninstrumented.push_back(target);
  }
}

void apply_trust(report& report, const std::vector<std::string>& trusted, const module_table& modules) {
  for (finding& finding : report.findings) {
    if (finding.doubt == doubt_kind::none || finding.doubtful_modules.empty()) continue;
    finding.is_trusted = std::ranges::all_of(finding.doubtful_modules,
                                             [&](const std::string& one) { return is_trusted(one, trusted, modules); });
    if (finding.is_trusted) finding.is_informative = true;
  }
  if (report.variant != "thread") return;
  for (const std::string& given : trusted)
    if (std::ranges::none_of(report.uninstrumented, [&](const std::string& one) {
          return names_module(given, one) || is_trusted(one, {given}, modules);
        })) {
      const std::string there_are = list_of(report.uninstrumented);
      report.notes.push_back("trusted \"" + printable(given) +
                             "\": no library of that name without instrumentation is in " + "this program" +
                             (there_are.empty() ? "" : "; there are " + there_are));
    }
}

void note_uncounted(report& report, const environment& asked) {
  if (report.variant != "thread" || std::ranges::none_of(report.findings, [](const finding& one) {
        return one.kind == finding_kind::race && is_failing(one);
      }))
    return;
  std::vector<std::string> targets;
  for (const std::string& item : asked.uninstrumented)
    if (const std::string target = item.substr(0, item.find('='));
        item.ends_with(".a") && std::ranges::find(targets, target) == targets.end())
      targets.push_back(target);
  if (!targets.empty())
    report.notes.push_back("calls into static archives without instrumentation are not counted (" + list_of(targets) +
                           "): a race that only they order is taken for certain");
}

std::vector<finding*> races_to_try(report& report) {
  const auto is_users = [](const finding& race) {
    for (std::size_t i = 0; i < race.actors.size() && i < 2; ++i)
      if (race.actors[i].place.file.starts_with("/usr/")) return false;
    return true;
  };
  std::vector<finding*> races;
  for (const bool users : {true, false})
    for (finding& one : report.findings)
      if (one.doubt != doubt_kind::none && one.suppressed.empty() && one.first_trial != 0 && is_users(one) == users)
        races.push_back(&one);
  return races;
}

std::vector<race_places> places_of_race(const finding& told, const finding_table& table) {
  std::vector<race_places> places;
  table.for_each([&](const finding_slot& slot) {
    const raw_finding& raw = slot.record;
    if (std::ranges::find(told.marks, slot.signature.load()) == told.marks.end() || raw.actor_count < 2) return;
    if (raw.actor[0].stack.depth == 0 || raw.actor[1].stack.depth == 0) return;
    places.push_back({{raw.actor[0].stack.pc[0], raw.actor[1].stack.pc[0]}});
  });
  return places;
}

void make_certain(report& report, finding& finding) {
  if (finding.is_trusted) finding.is_informative = false;
  finding.is_trusted = false;
  finding.doubt = doubt_kind::none;
  finding.doubtful_modules.clear();
  report.verdict = verdict::faulty;
  report.reason.clear();
}

void put_failing_first(report& report) {
  std::vector<finding> others;
  std::vector<finding> ordered;
  for (finding& one : report.findings) (is_failing(one) ? ordered : others).push_back(std::move(one));
  for (finding& one : others) ordered.push_back(std::move(one));
  report.findings = std::move(ordered);
}

std::string words_of_doubt(const finding& finding) {
  if (finding.doubt == doubt_kind::none) return {};
  const bool is_one = finding.doubtful_modules.size() == 1;
  const std::string names = list_of(finding.doubtful_modules), is = is_one ? " is" : " are";
  if (finding.is_trusted) return "taken as ordered by " + names + ", which" + is + " trusted";
  const std::string how = finding.doubt == doubt_kind::stack ? ", which its stacks pass through,"
                                                             : ", which both threads called in between,";
  return "doubtful: " + names + how + is + " not instrumented";
}

std::string reason_of_doubt(const report& report) {
  const auto count = std::ranges::count_if(report.findings, is_doubtful);
  if (count == 0) return {};
  return (count == 1 ? "1 race is" : std::to_string(count) + " races are") +
         " doubtful, because ThreadSanitizer cannot " + "see what " + list_of(doubtful_modules_of(report)) +
         " may order";
}

std::string what_settles(const report& report) {
  std::string libraries, targets;
  for (const std::string& name : doubtful_modules_of(report)) {
    libraries += (libraries.empty() ? "\"" : ", \"") + printable(name) + "\"";
    for (const library_target& one : report.settled_by)
      if (one.library == name && targets.find(" " + one.target) == std::string::npos)
        targets += " " + printable(one.target);
  }
  if (libraries.empty()) return {};
  std::string text = "to settle it: .trusted = {" + libraries + "}";
  if (!targets.empty()) text += ", or TRUST" + targets + " in ravel_add_test";
  return text + " (what this library orders is taken as ordered: its races become notes); or a header-only or an " +
         "instrumented build of the library; or a suppression with its reason";
}

}  // namespace ravel::detail
