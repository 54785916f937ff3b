// SPDX-License-Identifier: MIT
// The blocks of heap memory of a traced execution: which one an address was in at a time, and what its objects can be:
// by the tables of virtual functions that were written to its start, else by who made it. Parent only. Cost: O(blocks)
// once, then O(log blocks), and once a block O(events).
#pragma once

#include "source_places.hpp"
#include "symbols/made_types.hpp"
#include "trace.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ravel::detail {

class heap_blocks {
 public:
  heap_blocks(const trace& trace, source_places& places);

  // nullptr: none that is known.
  [[nodiscard]] const traced_block* at(const void* address, std::uint32_t after_events) const;
  // The likeliest first.
  [[nodiscard]] const std::vector<possible_type>& types_of(const traced_block& block);

 private:
  std::vector<possible_type> find_types(const traced_block& block);

  const trace& trace_;
  source_places& places_;
  std::multimap<std::uintptr_t, const traced_block*> by_begin_;
  std::map<const traced_block*, std::vector<possible_type>> types_;
};

}  // namespace ravel::detail
