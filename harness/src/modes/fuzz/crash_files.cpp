// SPDX-License-Identifier: MIT
// See crash_files.hpp.
#include "crash_files.hpp"

#include "report/rerun.hpp"

#include <ravel/token.hpp>

#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace ravel::detail {

namespace {

// Equal inputs: equal names.
std::string name_for(const fuzz_target& target, const std::vector<std::uint8_t>& bytes) {
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (const std::uint8_t one : bytes) hash = (hash ^ one) * 0x100000001B3ull;
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  std::string name = "crash-" + target.name + "-" + text;
  for (char& one : name)
    if (std::isalnum(static_cast<unsigned char>(one)) == 0 && one != '-' && one != '_') one = '_';
  return name;
}

bool write(const std::string& path, const char* data, std::size_t bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(data, static_cast<std::streamsize>(bytes));
  file.close();
  return static_cast<bool>(file);
}

// Where the input is, after saving it if need be; empty: it could not be.
std::string file_of(const fuzz_mode& mode, std::uint64_t trial, const fuzz_target& target,
                    const fuzz_options& options) {
  std::error_code error;
  if (!options.files.empty() && trial - 1 < options.files.size())
    return std::filesystem::absolute(options.files[trial - 1].path, error).string();
  if (!options.files.empty() || !options.saves_findings) return {};
  fuzz_input input;
  mode.input_of(trial, input);
  const std::vector<std::uint8_t> bytes = with_header(encode_input(input), target.signature);
  const std::string path = std::filesystem::absolute(name_for(target, bytes), error).string();
  return write(path, reinterpret_cast<const char*>(bytes.data()), bytes.size()) ? path : std::string();
}

}  // namespace

void name_crash_files(report& result, const fuzz_mode& mode, const fuzz_target& target, const fuzz_options& options,
                      const environment& asked) {
  result.takes_files = true;
  for (finding& one : result.findings) {
    if (one.token.empty() || one.first_trial == 0) continue;
    if (one.is_informative && options.files.empty()) {
      one.rerun.clear();  // nothing to keep a file for
      continue;
    }
    const std::string path = file_of(mode, one.first_trial, target, options);
    if (path.empty()) {
      one.notes.push_back("its input could not be saved here");
      continue;
    }
    token token = parse_token(one.token);
    token.trial = 1;  // the file alone
    const bool is_alone = token.first == 0;
    token.first = 0;
    one.token = to_string(token);
    one.rerun = rerun_command_for_file(asked, one.token, path);
    if (options.files.empty()) {
      one.notes.push_back("the input is saved as " + path);
      const std::string text = one.token + "\n";
      if (!token.schedule.empty() && !write(path + ".token", text.data(), text.size()))
        one.notes.push_back("its schedule token could not be saved");
    }
    if (!is_alone)
      one.notes.push_back("it needs what earlier inputs of the session left behind: alone it may not show");
  }
}

}  // namespace ravel::detail
