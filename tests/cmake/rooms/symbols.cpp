// SPDX-License-Identifier: MIT
// Which objects refer to symbols that only objects of a higher layer define, by nm. Weak references count: a
// declaration that somebody above may define is an upward dependency, too.
#include "layers.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>

namespace rooms {

namespace {

struct object {
  std::string path;
  int layer;
};

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::array<char, 4096> block;
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), pipe)) text.append(block.data(), count);
  if (pclose(pipe) != 0) throw std::runtime_error(command + " failed");
  return text;
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// "unity_modes_explore_cxx.cxx.o" of harness/src -> harness/src/modes/explore, as far as layers.txt names it;
// "src/modes/stress/stress.cpp.o" -> harness/src/modes/stress/stress.cpp
int layer_of(const layers& order, const std::string& folder, const std::string& path) {
  const std::string name = file_name(path);
  if (name.starts_with("unity_")) {
    const std::string of = name.substr(6, name.find("_cxx") - 6);
    if (of.find_first_not_of("0123456789") == std::string::npos) return order.of(folder);  // all of one folder
    const std::string underscored = of + "_", root = folder.substr(0, folder.find("/src")) + "/src/";
    for (const auto& [known, layer] : order.paths()) {
      if (!known.starts_with(root)) continue;
      std::string inside = known.substr(root.size()) + "_";
      std::ranges::replace(inside, '/', '_');
      if (underscored.starts_with(inside)) return layer;
    }
    return layers::none;
  }
  const std::size_t inside = path.rfind("/src/");
  const std::string top = folder.substr(0, folder.find('/'));
  if (inside == std::string::npos || !path.ends_with(".o")) return order.of(folder);
  return order.of(top + path.substr(inside, path.size() - inside - 2));
}

std::vector<object> objects_of(const layers& order, const std::string& listing, std::vector<std::string>& wrong) {
  std::ifstream in(listing);
  if (!in) throw std::runtime_error(listing + " cannot be read");
  std::vector<object> all;
  for (std::string folder, path; in >> folder && std::getline(in >> std::ws, path);) {
    const int layer = layer_of(order, folder, path);
    if (layer < 0)
      wrong.push_back(path + ": its layer is not known");
    else
      all.push_back({path, layer});
  }
  if (all.empty()) throw std::runtime_error(listing + " lists no object");
  return all;
}

std::string readable(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status),
                                                    std::free);
  return status == 0 ? text.get() : symbol;
}

}  // namespace

std::vector<std::string> wrong_symbols(const layers& order, const std::string& listing, const std::string& nm) {
  std::vector<std::string> wrong;
  const std::vector<object> objects = objects_of(order, listing, wrong);
  std::map<std::string, int> lowest;  // of each symbol's definitions
  std::vector<std::set<std::string>> wanted(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    std::istringstream lines(output_of("'" + nm + "' -g -P '" + objects[i].path + "'"));
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string symbol, type, value;
      words >> symbol >> type >> value;
      if (symbol.find("ravel") == std::string::npos) continue;  // the system's, which somebody above may define anew
      if (type == "U" || (value.empty() && (type == "w" || type == "v")))
        wanted[i].insert(symbol);
      else if (const auto [known, is_new] = lowest.emplace(symbol, objects[i].layer); !is_new)
        known->second = std::min(known->second, objects[i].layer);
    }
  }
  std::set<std::string> lines;  // one for a layer, however many of its objects want it
  for (std::size_t i = 0; i < objects.size(); ++i)
    for (const std::string& symbol : wanted[i])
      if (const auto known = lowest.find(symbol); known != lowest.end() && known->second > objects[i].layer)
        lines.insert(order.name(objects[i].layer) + " (" + file_name(objects[i].path) + ") refers to " +
                     readable(symbol) + ", which only " + order.name(known->second) + " above it defines");
  wrong.insert(wrong.end(), lines.begin(), lines.end());
  return wrong;
}

}  // namespace rooms
