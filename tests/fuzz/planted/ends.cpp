// SPDX-License-Identifier: MIT
// Ends that are no findings of a check's: a loop without points, a crash, an abort, a stack overflow, all memory. Which
// one: the argument.
#include <ravel/fuzz.hpp>

#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

volatile int depth = 0;

[[gnu::noinline]] int overflow(int level) {
  volatile char room[4096];
  room[0] = static_cast<char>(level);
  return level == -1 ? 0 : overflow(level + 1) + room[0];
}

class ends {
 public:
  void end(int how) {
    switch (how) {
      case 1:
        for (volatile unsigned own = 0;; own = own + 1) {
        }
      case 2: *static_cast<volatile int*>(nullptr) = 1; break;
      case 3: std::abort();
      case 4: depth = overflow(1); break;
      case 5:
        for (std::vector<char*> all;;) {
          constexpr std::size_t much = std::size_t{1} << 20;
          all.push_back(static_cast<char*>(std::malloc(much)));
          std::memset(all.back(), how, much);
        }
      default: break;
    }
  }
};

const auto operations = ravel::operations<ends>(ravel::op("end", &ends::end, ravel::ints(0, 5)));

}  // namespace

RAVEL_FUZZ_API(ends, operations, {.threads = 2, .calls = 2, .is_judged = false});
