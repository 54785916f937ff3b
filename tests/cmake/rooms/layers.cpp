// SPDX-License-Identifier: MIT
// See layers.hpp.
#include "layers.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace rooms {

namespace {

// "a/{b,c}" -> "a/b", "a/c"
std::vector<std::string> expanded(const std::string& path) {
  const std::size_t open = path.find('{'), close = path.find('}');
  if (open == std::string::npos || close == std::string::npos) return {path};
  std::vector<std::string> all;
  std::istringstream parts(path.substr(open + 1, close - open - 1));
  for (std::string part; std::getline(parts, part, ',');)
    all.push_back(path.substr(0, open) + part + path.substr(close + 1));
  return all;
}

}  // namespace

layers::layers(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file + " cannot be read");
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name, path;
    if (!(words >> name) || name.starts_with('#')) continue;
    if (name == "unsaid") {
      words >> path;
      for (std::string word; words >> word;) unsaid_[path].push_back(word);
      continue;
    }
    int layer = ignored;
    if (name != "ignore") {
      layer = static_cast<int>(names_.size());
      names_.push_back(name);
    }
    while (words >> path)
      for (const std::string& one : expanded(path)) add(one, layer);
  }
}

void layers::add(const std::string& path, int layer) {
  if (!paths_.emplace(path, layer).second) throw std::runtime_error("layers.txt names " + path + " twice");
}

int layers::of(const std::string& path) const {
  for (std::string prefix = path;;) {
    if (const auto known = paths_.find(prefix); known != paths_.end()) return known->second;
    const std::size_t slash = prefix.rfind('/');
    if (slash == std::string::npos) return none;
    prefix.resize(slash);
  }
}

}  // namespace rooms
