// SPDX-License-Identifier: MIT
// linearizable_logs DIR: checks each log of Jepsen's etcd test in the folder as a register's history, and prints
// verdict, calls and time. 0: all could be judged; 64: a file that is no such log, named with its line; 3: one is
// undecided.
#include <ravel/checks/check_history.hpp>
#include <ravel/checks/history_file.hpp>
#include <ravel/checks/models.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

using namespace ravel::checks;

namespace {

const char* word_for(answer found) {
  return found == answer::holds ? "linearizable" : found == answer::fails ? "NOT LINEARIZABLE" : "undecided";
}

answer judge(const std::filesystem::path& path) {
  std::ifstream file(path);
  const history calls = read_etcd_log(file, path.string());
  const auto start = std::chrono::steady_clock::now();
  const judgement found = check_history(calls, register_model{.now = {}});
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
  std::printf("%-28s %-16s %6zu calls %9.2f ms %10llu steps %s\n", path.filename().c_str(), word_for(found.answer),
              calls.calls.size(), spent.count(), static_cast<unsigned long long>(found.steps), found.reason.c_str());
  return found.answer;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2 || !std::filesystem::is_directory(words[1])) {
    std::fprintf(stderr, "usage: linearizable_logs DIR (a folder of Jepsen's etcd logs)\n");
    return 64;
  }
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(words[1]))
    if (entry.is_regular_file()) paths.push_back(entry.path());
  std::ranges::sort(paths);
  int result = 0;
  for (const std::filesystem::path& path : paths) {
    try {
      if (judge(path) == answer::undecided && result == 0) result = 3;
    } catch (const std::invalid_argument& problem) {
      std::printf("%s\n", problem.what());
      result = 64;
    }
  }
  return result;
}
