// SPDX-License-Identifier: MIT
// The order of layers as layers.txt says it, and which layer a file is in. Not thread safe. Cost: O(paths) a question.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace rooms {

class layers {
 public:
  // Throws runtime_error when the file cannot be read or names a path twice.
  explicit layers(const std::string& file);

  static constexpr int none = -1, ignored = -2;
  // Of a path from the top of the tree: the layer's number, lowest 0, by the longest folder or file that holds it.
  [[nodiscard]] int of(const std::string& path) const;
  [[nodiscard]] const std::string& name(int layer) const { return names_[static_cast<std::size_t>(layer)]; }
  // Words that no file of a folder says, because its layer is not to know of them: folder to words.
  [[nodiscard]] const std::map<std::string, std::vector<std::string>>& unsaid() const { return unsaid_; }
  // All folders and files that are named, with their layer.
  [[nodiscard]] const std::map<std::string, int>& paths() const { return paths_; }

 private:
  void add(const std::string& path, int layer);

  std::vector<std::string> names_;
  std::map<std::string, int> paths_;
  std::map<std::string, std::vector<std::string>> unsaid_;
};

// What breaks the order, a line each. tree: the top of the sources.
[[nodiscard]] std::vector<std::string> wrong_includes(const layers& order, const std::string& tree);

// listing: a file with lines "<source folder of a library> <object of it>". An object is a layer's by its name: CMake
// calls it after the source file, or after the folder (unity_<folder>_cxx).
[[nodiscard]] std::vector<std::string> wrong_symbols(const layers& order, const std::string& listing,
                                                     const std::string& nm);

}  // namespace rooms
