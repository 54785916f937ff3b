// SPDX-License-Identifier: MIT
// See make_strategy.hpp.
#include "make_strategy.hpp"

#include "../explore/exploration.hpp"
#include "pct.hpp"
#include "random.hpp"

namespace ravel::detail {

const std::vector<std::string>& strategy_names() {
  static const std::vector<std::string> names{"random", "pct"};
  return names;
}

strategy* make_strategy(shared_arena& arena, const std::string& name, unsigned) {
  if (name == "random") return arena.make<random_strategy>();
  if (name == "pct") return arena.make<pct_strategy>();
  return nullptr;
}

}  // namespace ravel::detail
