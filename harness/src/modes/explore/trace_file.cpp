// SPDX-License-Identifier: MIT
// See trace_file.hpp.
#include "trace_file.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

namespace ravel::detail {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_kept = 20;  // of a lane

std::string lane_name(const environment& asked) { return asked.lane.empty() ? "explore" : asked.lane; }

// One test case's finding keeps its file when it is found again.
std::string file_name(const finding& finding, const environment& asked) {
  const token token = parse_token(finding.token);
  std::string kind = word_for(finding.kind);
  for (char& c : kind) c = c == ' ' || c == '/' ? '_' : c;
  char rest[64];
  std::snprintf(rest, sizeof rest, ".%04x.%llu.trace.txt", static_cast<unsigned>(token.test_case),
                static_cast<unsigned long long>(finding.first_trial));
  return lane_name(asked) + "." + kind + rest;
}

void keep_the_newest(const fs::path& folder, const std::string& lane) {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code error;
  for (const fs::directory_entry& one : fs::directory_iterator(folder, error)) {
    const std::string name = one.path().filename().string();
    if (!name.starts_with(lane + ".") || !name.ends_with(".trace.txt")) continue;
    if (const fs::file_time_type time = one.last_write_time(error); !error) files.emplace_back(time, one.path());
  }
  std::ranges::sort(files, std::greater<>{});
  for (std::size_t i = most_kept; i < files.size(); ++i) fs::remove(files[i].second, error);
}

}  // namespace

std::string save_trace(const finding& finding, const environment& asked, const std::string& text) {
  if (asked.report_dir.empty() && asked.build_dir.empty()) return {};
  std::error_code error;
  const fs::path folder =
      asked.report_dir.empty() ? fs::path(asked.build_dir) / "ravel" / "traces" : fs::path(asked.report_dir);
  fs::create_directories(folder, error);
  const fs::path file = folder / file_name(finding, asked);
  {
    std::ofstream out(file, std::ios::trunc);
    out << word_for(finding.kind) << " " << finding.what << "\nstep\tthread\tline\twhat\tcalls\n" << text;
    if (!out.flush()) return {};
  }
  if (asked.report_dir.empty()) keep_the_newest(folder, lane_name(asked));
  return file.string();
}

}  // namespace ravel::detail
