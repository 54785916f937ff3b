// SPDX-License-Identifier: MIT
// Reads the includes of all sources below harness, checks, fixtures and tests, as text. An include is looked for where
// the compiler would: beside the file, then in its own library's folder, then among the public headers.
#include "layers.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace rooms {

namespace {

namespace fs = std::filesystem;

struct include {
  std::string from, to;  // from the top of the tree
  unsigned line;
  std::string text;
};

bool is_source(const fs::path& path) {
  static const std::set<std::string> endings{".cpp", ".hpp", ".h", ".c", ".inc", ".S"};
  return endings.contains(path.extension().string());
}

std::vector<std::string> sources(const std::string& tree) {
  std::vector<std::string> all;
  for (const char* top : {"harness", "checks", "fixtures", "tests"}) {
    if (!fs::is_directory(fs::path(tree) / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(tree) / top))
      if (entry.is_regular_file() && is_source(entry.path()))
        all.push_back(fs::relative(entry.path(), tree).generic_string());
  }
  std::ranges::sort(all);
  return all;
}

// Where a file's quoted includes are looked for, beside its own folder.
std::vector<std::string> private_roots(const std::string& file) {
  const std::string top = file.substr(0, file.find('/'));
  if (top == "tests") return {"harness/src", "checks/src", "fixtures/src", "tests"};
  return {top + "/src"};
}

std::string found_file(const std::string& tree, const std::string& from, const std::string& name, bool is_quoted) {
  std::vector<std::string> folders;
  if (is_quoted) {
    folders.push_back(fs::path(from).parent_path().generic_string());
    for (const std::string& root : private_roots(from)) folders.push_back(root);
  }
  for (const char* top : {"harness", "checks", "fixtures"}) folders.push_back(std::string(top) + "/include");
  for (const std::string& folder : folders) {
    const std::string path = (fs::path(folder) / name).lexically_normal().generic_string();
    if (fs::is_regular_file(fs::path(tree) / path)) return path;
  }
  return {};
}

std::vector<include> includes_of(const std::string& tree, const std::string& file) {
  std::vector<include> all;
  std::ifstream in(fs::path(tree) / file);
  unsigned number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::size_t hash = line.find_first_not_of(" \t");
    if (hash == std::string::npos || line[hash] != '#') continue;
    const std::size_t word = line.find_first_not_of(" \t", hash + 1);
    if (word == std::string::npos || line.compare(word, 7, "include") != 0) continue;
    const std::size_t open = line.find_first_of("\"<", word);
    if (open == std::string::npos) continue;
    const bool is_quoted = line[open] == '"';
    const std::size_t close = line.find(is_quoted ? '"' : '>', open + 1);
    if (close == std::string::npos) continue;
    const std::string name = line.substr(open + 1, close - open - 1);
    all.push_back({file, found_file(tree, file, name, is_quoted), number, line.substr(hash)});
  }
  return all;
}

// Lines that say a word which their folder is not to know.
void add_said_words(const layers& order, const std::string& tree, const std::string& file,
                    std::vector<std::string>& wrong) {
  for (const auto& [folder, words] : order.unsaid()) {
    if (!file.starts_with(folder + "/")) continue;
    std::ifstream in(fs::path(tree) / file);
    unsigned number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      for (const std::string& word : words)
        if (line.find(word) != std::string::npos)
          wrong.push_back(file + ":" + std::to_string(number) + ": " + folder + " is not to know of \"" + word + "\"");
    }
  }
}

// Files that include each other, as the path that comes back to where it began.
class circle_finder {
 public:
  explicit circle_finder(const std::map<std::string, std::vector<include>>& includes) : includes_(includes) {}

  std::vector<std::string> all() {
    for (const auto& [file, its] : includes_) visit(file);
    return circles_;
  }

 private:
  void visit(const std::string& file) {
    const auto on_path = std::ranges::find(path_, file);
    if (on_path != path_.end()) {
      std::string text = "circle of includes:";
      for (auto at = on_path; at != path_.end(); ++at) text += " " + *at + " ->";
      circles_.push_back(text + " " + file);
      return;
    }
    if (!done_.insert(file).second) return;
    path_.push_back(file);
    if (const auto its = includes_.find(file); its != includes_.end())
      for (const include& one : its->second)
        if (!one.to.empty()) visit(one.to);
    path_.pop_back();
  }

  const std::map<std::string, std::vector<include>>& includes_;
  std::vector<std::string> path_, circles_;
  std::set<std::string> done_;
};

}  // namespace

std::vector<std::string> wrong_includes(const layers& order, const std::string& tree) {
  std::vector<std::string> wrong;
  std::map<std::string, std::vector<include>> includes;
  for (const std::string& file : sources(tree)) {
    const int layer = order.of(file);
    if (layer == layers::ignored) continue;
    if (layer == layers::none) wrong.push_back(file + ": layers.txt names no layer for it");
    add_said_words(order, tree, file, wrong);
    includes[file] = includes_of(tree, file);
    for (const include& one : includes[file]) {
      const std::string place = file + ":" + std::to_string(one.line) + ": " + one.text;
      const int other = one.to.empty() ? layers::none : order.of(one.to);
      if (layer >= 0 && other > layer)
        wrong.push_back(place + "  (" + order.name(layer) + " includes " + order.name(other) + ", which is above it)");
      const bool is_own = one.text.find('"') != std::string::npos && !file.starts_with("tests/");
      if (one.to.empty() && is_own) wrong.push_back(place + "  (not found where its library may look)");
    }
  }
  for (const auto& [path, layer] : order.paths())
    if (layer >= 0 && path.find("/src/") != std::string::npos && fs::is_directory(fs::path(tree) / path) &&
        !fs::is_regular_file(fs::path(tree) / path / "README.md"))
      wrong.push_back(path + ": has no README.md that says what the room is for");
  const std::vector<std::string> circles = circle_finder(includes).all();
  wrong.insert(wrong.end(), circles.begin(), circles.end());
  return wrong;
}

}  // namespace rooms
