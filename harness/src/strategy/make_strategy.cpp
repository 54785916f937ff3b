// SPDX-License-Identifier: MIT
// See make_strategy.hpp.
#include "make_strategy.hpp"

#include "dfs.hpp"
#include "module_ranges.hpp"
#include "pct.hpp"
#include "portfolio.hpp"
#include "pos.hpp"
#include "random.hpp"
#include "record/shared_arena.hpp"
#include "rf.hpp"
#include "surw.hpp"

namespace ravel::detail {

const std::vector<std::string>& strategy_names() {
  static const std::vector<std::string> names{"portfolio", "random", "pct", "pos", "surw", "rf", "dfs"};
  return names;
}

strategy* make_strategy(shared_arena& arena, const std::string& name, unsigned preemptions) {
  note_module_ranges();
  if (name == "portfolio") return arena.make<portfolio_strategy>();
  if (name == "random") return arena.make<random_strategy>();
  if (name == "pct") return arena.make<pct_strategy>();
  if (name == "pos") return arena.make<pos_strategy>();
  if (name == "surw") return arena.make<surw_strategy>();
  if (name == "rf") return arena.make<rf_strategy>();
  if (name == "dfs") return arena.make<dfs_strategy>(preemptions);
  return nullptr;
}

}  // namespace ravel::detail
