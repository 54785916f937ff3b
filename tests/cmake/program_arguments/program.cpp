// SPDX-License-Identifier: MIT
// Ends with 0 if it is called with the words that EXPECTED holds, each in <>; a semicolon is spelt out there.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

int main(int argc, char** argv) {
  std::string words;
  std::thread reader([&] {  // a run without a thread would be broken
    for (int i = 1; i < argc; ++i) {
      std::string word = argv[i];
      if (const auto at = word.find(';'); at != std::string::npos) word.replace(at, 1, " semicolon ");
      words += '<' + word + '>';
    }
  });
  reader.join();
  const char* expected = std::getenv("EXPECTED");
  if (expected != nullptr && words == expected) return 0;
  std::fprintf(stderr, "called with %s\n", words.c_str());
  return 1;
}
