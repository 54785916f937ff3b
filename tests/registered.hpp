// SPDX-License-Identifier: MIT
// What the static initialisers of several files add, for the main that runs it all.
#pragma once

#include <utility>
#include <vector>

template <class Entry>
[[nodiscard]] std::vector<Entry>& registered() {
  static std::vector<Entry> all;
  return all;
}

template <class Entry>
bool add_registered(Entry entry) {
  registered<Entry>().push_back(std::move(entry));
  return true;
}
