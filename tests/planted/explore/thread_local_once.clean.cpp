// SPDX-License-Identifier: MIT
// Twin: the copy knows which version it is of.
#include "pair.hpp"

#include <atomic>
#include <thread>

namespace {

void body(ravel::trial& trial) {
  std::atomic<int> version{1};
  std::atomic<bool> is_replaced{false};
  std::thread reader([&] {
    const auto use = [&] {
      const bool was_replaced = is_replaced;
      thread_local int copy = version;
      if (copy != version) copy = version;
      trial.require(!was_replaced || copy == 2, "what was replaced is not used again");
    };
    use();
    use();
  });
  std::thread replacer([&] {
    version = 2;
    is_replaced = true;
  });
  reader.join();
  replacer.join();
}

}  // namespace

RAVEL_EXPLORED({.bug = "thread_local_once", .half = explored::half::clean, .body = body});
