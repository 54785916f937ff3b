// SPDX-License-Identifier: MIT
// A cache of sessions that threads share. Knows nothing of Ravel. Faults, unless built with FIXED:
//   hits() counts without a lock            release() forgets every key that ends in 3
//   audit() takes the locks the other way   rename() goes on to use the text that it has given back
#pragma once
#include <map>
#include <mutex>
#include <string>

class session_cache {
 public:
  void store(int key, int value);
  bool release(int key);  // false: the entry is still there
  bool empty() const;
  void hit();
  int hits() const;
  int audit();
  static int rename(int key);

 private:
  mutable std::mutex entries_lock_;
  std::mutex statistics_lock_;
  std::map<int, int> entries_;
  int stored_ = 0;
  int hits_ = 0;
};
