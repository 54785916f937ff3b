// SPDX-License-Identifier: MIT
// See heap_blocks.hpp.
#include "heap_blocks.hpp"

#include <ravel/symbols.hpp>

#include <algorithm>
#include <string_view>

namespace ravel::detail {

namespace {

constexpr unsigned most_neighbours = 16;  // blocks that begin before an address and may still hold it

}  // namespace

heap_blocks::heap_blocks(const trace& trace, source_places& places) : trace_(trace), places_(places) {
  for (std::uint32_t i = 0; i < std::min(trace.block_count, trace::most_blocks); ++i)
    by_begin_.emplace(reinterpret_cast<std::uintptr_t>(trace.blocks[i].begin), &trace.blocks[i]);
}

// Freed ones count, too: who uses them later is what a finding may be about. The latest that was made before wins.
const traced_block* heap_blocks::at(const void* address, std::uint32_t after_events) const {
  const auto where = reinterpret_cast<std::uintptr_t>(address);
  const traced_block* best = nullptr;
  auto one = by_begin_.upper_bound(where);
  for (unsigned tried = 0; one != by_begin_.begin() && tried < most_neighbours; ++tried) {
    --one;
    const traced_block& block = *one->second;
    if (where - one->first >= std::max<std::uint64_t>(block.bytes, 1) || block.made_after > after_events) continue;
    if (best == nullptr || block.made_after > best->made_after) best = &block;
  }
  return best;
}

std::vector<possible_type> heap_blocks::find_types(const traced_block& block) {
  std::vector<possible_type> types;
  const auto add = [&](possible_type one) {
    const auto is_known = [&](const possible_type& other) { return other.name == one.name; };
    if (!one.name.empty() && std::ranges::none_of(types, is_known)) types.push_back(std::move(one));
  };
  constexpr std::string_view table = "vtable for ";
  for (std::uint32_t i = std::min(trace_.event_count, trace::most_events); i-- > block.made_after;) {
    const traced_event& event = trace_.events[i];
    if (event.object != block.begin || event.bytes != 8 || !event.has_value || i >= block.freed_after) continue;
    std::string name = ravel::object_name(reinterpret_cast<const void*>(event.value));
    if (!name.starts_with(table)) continue;
    name = name.substr(table.size());
    if (const std::size_t offset = name.rfind("+0x"); offset != std::string::npos) name.erase(offset);
    add({std::move(name), true});
  }
  const std::vector<std::uintptr_t> makers(block.maker,
                                           block.maker + std::min(block.makers, traced_block::most_callers));
  places_.learn(makers);
  places_.learn(
      std::vector<std::uintptr_t>(block.freer, block.freer + std::min(block.freers, traced_block::most_callers)));
  std::vector<frame> stack;
  for (const std::uintptr_t pc : makers)
    stack.insert(stack.end(), places_.frames_at(pc).begin(), places_.frames_at(pc).end());
  for (possible_type& one : types_made_by(stack)) add(std::move(one));
  return types;
}

const std::vector<possible_type>& heap_blocks::types_of(const traced_block& block) {
  const auto [known, is_new] = types_.try_emplace(&block);
  if (is_new) known->second = find_types(block);
  return known->second;
}

}  // namespace ravel::detail
