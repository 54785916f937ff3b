// SPDX-License-Identifier: MIT
// Races that are doubtful, because code that the sanitizer cannot see into may order them: which of them are notes,
// because all such libraries are trusted, and what settles the others.
// Parent only, single-threaded. Cost: findings x trusted names x loaded modules.
#pragma once

#include "record/finding_table.hpp"
#include "record/meeting.hpp"
#include "record/modules.hpp"

#include <ravel/environment.hpp>
#include <ravel/report.hpp>

#include <string>
#include <vector>

namespace ravel::detail {

// Whether a name given by a user ("libtbb.so.12", "libtbb.so", a path) means the module of this path.
[[nodiscard]] bool names_module(const std::string& given, const std::string& path);

// What the build says of targets without instrumentation: names in report.uninstrumented those whose file is not among
// the modules that are there already, and fills report.settled_by.
void add_targets(report& report, const module_table& modules, const environment& asked);

// Sets finding.is_trusted where all its modules are trusted; notes what of the trusted was of no use, in variants in
// which it could have been.
void apply_trust(report& report, const std::vector<std::string>& trusted, const module_table& modules);

// Notes what of the build is in static archives, calls into which are not counted, where a race is called certain.
void note_uncounted(report& report, const environment& asked);

// The doubtful races, trusted ones, too, that it can be tried to make certain: those in the user's own files first.
[[nodiscard]] std::vector<finding*> races_to_try(report& report);
// Where the accesses of a race are; several where findings were merged.
[[nodiscard]] std::vector<race_places> places_of_race(const finding& told, const finding_table& table);

// The finding is certain after all; the report is faulty, and what fails comes first in it.
void make_certain(report& report, finding& finding);
void put_failing_first(report& report);

// "libtbb.so.12, which its stacks pass through, is not instrumented"; a finding without doubt: "".
[[nodiscard]] std::string words_of_doubt(const finding& finding);
// The verdict's reason, and its last line, where doubtful findings alone are left; "": there are none.
[[nodiscard]] std::string reason_of_doubt(const report& report);
[[nodiscard]] std::string what_settles(const report& report);

}  // namespace ravel::detail
