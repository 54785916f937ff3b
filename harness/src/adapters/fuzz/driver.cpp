// SPDX-License-Identifier: MIT
// See driver.hpp.
#include "driver.hpp"

#include <ravel/report.hpp>
#include <ravel/usage_error.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ravel::detail {

namespace {

namespace fs = std::filesystem;

constexpr const char* help =
    "usage: %s [options] [file or folder ...]\n"
    "Runs the inputs in these files, and shows what they find; without any, a session of random inputs.\n"
    "  --corpus FOLDER  a session's inputs are also changed ones of these\n"
    "  --seconds N      of a session, 20 if not said\n"
    "  --inputs N       of a session, as many as its seconds allow if not said\n"
    "  --seed N         of a session, 1 if not said\n"
    "  --go-on          a session does not end with its first finding\n"
    "  --no-save        inputs that find something are not written to crash-... files\n"
    "What the environment says (RAVEL_SECONDS, RAVEL_EXECUTIONS, RAVEL_SEED) comes before that.\n";

struct wanted {
  std::vector<std::string> paths, corpus;
  fuzz_options options;
  bool is_help = false;
};

template <class Number>
Number number_of(const std::string& name, const std::string& text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end)
    throw usage_error(name + " " + text + ": write a number, e.g. " + name + " 10.");
  return value;
}

wanted read_arguments(const std::vector<std::string>& arguments) {
  wanted all;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& one = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 == arguments.size()) throw usage_error(one + ": what follows it is missing; see --help.");
      return arguments[++i];
    };
    if (one == "--help" || one == "-h")
      all.is_help = true;
    else if (one == "--corpus")
      all.corpus.push_back(value());
    else if (one == "--seconds")
      all.options.seconds = number_of<double>(one, value());
    else if (one == "--inputs")
      all.options.inputs = number_of<std::uint64_t>(one, value());
    else if (one == "--seed")
      all.options.seed = number_of<std::uint64_t>(one, value());
    else if (one == "--go-on")
      all.options.goes_on = true;
    else if (one == "--no-save")
      all.options.saves_findings = false;
    else if (one.size() > 1 && one.front() == '-')
      throw usage_error(one +
                        ": there is no such option; this program is Ravel's own driver, libFuzzer's options are " +
                        "for the one whose name ends in _<variant>. See --help.");
    else
      all.paths.push_back(one);
  }
  return all;
}

bool is_input(const fs::directory_entry& one) {
  const std::string name = one.path().filename().string();
  return one.is_regular_file() && !name.starts_with('.') && !name.ends_with(".token");
}

std::vector<std::string> files_at(const std::string& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<std::string> names;
  for (const fs::directory_entry& one : fs::directory_iterator(path))
    if (is_input(one)) names.push_back(one.path().string());
  std::ranges::sort(names);
  return names;
}

input_file read_input(const std::string& path, const fuzz_target& target) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> text(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) throw usage_error(path + ": this file cannot be read.");
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  const headed_input input = without_header(bytes, target.signature);
  switch (input.origin) {
    case input_origin::token:
      throw usage_error(path +
                        " holds a token, not an input: give that as RAVEL_REPLAY, with the file it lies beside.");
    case input_origin::other_target:
      throw usage_error(path +
                        " is an input of another fuzz target, or of this one when it had other operations; this "
                        "one is \"" +
                        target.name + "\".");
    case input_origin::other_version: throw usage_error(path + " is an input of another version of Ravel.");
    default: return {path, {input.bytes.begin(), input.bytes.end()}};
  }
}

int perform(const std::vector<std::string>& arguments) {
  wanted all = read_arguments(arguments);
  if (all.is_help) {
    std::printf(help, "<this program>");
    return 0;
  }
  const fuzz_target& target = only_fuzz_target();
  all.options.files = read_inputs(all.paths, target);
  all.options.corpus = read_inputs(all.corpus, target);
  // A folder that has nothing yet is replayed, too: every target has this one.
  if (!all.paths.empty() && all.options.files.empty()) all.options.files.push_back({"/dev/null", {}});
  const report result = fuzz(target, std::move(all.options));
  if (result.verdict == verdict::misused) throw usage_error(result.reason);
  print(result);
  return exit_code(result);
}

}  // namespace

std::vector<input_file> read_inputs(const std::vector<std::string>& paths, const fuzz_target& target) {
  std::vector<input_file> all;
  for (const std::string& path : paths)
    for (const std::string& one : files_at(path)) all.push_back(read_input(one, target));
  return all;
}

int drive(const std::vector<std::string>& arguments) {
  try {
    return perform(arguments);
  } catch (const usage_error& misuse) {
    std::fflush(stdout);
    std::fprintf(stderr, "usage error: %s\n", misuse.what());
    return exit_code(verdict::misused);
  } catch (const std::exception& trouble) {
    std::fprintf(stderr, "trouble: %s\n", trouble.what());
    return exit_code(verdict::broken);
  }
}

}  // namespace ravel::detail
