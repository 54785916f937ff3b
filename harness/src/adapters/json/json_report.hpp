// SPDX-License-Identifier: MIT
// A report as JSON, by the schema in schema.json (described in schema.md), and where it is written.
// Parent only, single-threaded. The JSON library stays out of this header and of the linked core.
#pragma once

#include <ravel/report.hpp>

#include <string>

namespace ravel::detail {

[[nodiscard]] std::string to_json(const report& report);

// "<lane>.<hash of the test case>.json", every character outside [A-Za-z0-9_.-] made "_". Outside CTest the lane is
// the program's name and the mode. shard: "" or "shard-0-of-4". repeat: 1, or n for the n-th run of that test case
// in this process.
[[nodiscard]] std::string json_file_name(const report& report, const std::string& program, const std::string& shard,
                                         unsigned repeat);

// Writes it whole or not at all (by renaming). Makes the directory if need be. Throws runtime_error that names the
// directory and the reason.
void write_json(const report& report, const std::string& directory, const std::string& file_name);

}  // namespace ravel::detail
