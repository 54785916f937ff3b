// SPDX-License-Identifier: MIT
// rooms <layers.txt> <top of the sources> [<listing of objects> <nm>]: says what breaks the order of layers; see
// layers.hpp. Exit code: 0 nothing does, 1 something does, 2 it could not look.
#include "layers.hpp"

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  try {
    if (argc != 3 && argc != 5) {
      std::cerr << "usage: rooms <layers.txt> <top of the sources> [<listing of objects> <nm>]\n";
      return 2;
    }
    const rooms::layers order(argv[1]);
    std::vector<std::string> wrong = rooms::wrong_includes(order, argv[2]);
    if (argc == 5)
      for (const std::string& line : rooms::wrong_symbols(order, argv[3], argv[4])) wrong.push_back(line);
    for (const std::string& line : wrong) std::cout << line << '\n';
    std::cout << wrong.size() << (wrong.size() == 1 ? " line breaks" : " lines break") << " the order of layers\n";
    return wrong.empty() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "rooms: " << error.what() << '\n';
    return 2;
  }
}
