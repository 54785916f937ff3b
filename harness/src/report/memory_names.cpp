// SPDX-License-Identifier: MIT
// See memory_names.hpp.
#include "memory_names.hpp"

#include "symbols/debug_names.hpp"
#include "symbols/made_types.hpp"
#include "symbols/object_name.hpp"

#include <algorithm>
#include <string>

namespace ravel::detail {

namespace {

constexpr std::size_t most_named = 20;  // findings: as many as a report shows in full

struct name_asked {
  std::size_t finding;
  std::string question, type;
};

// The module's path, and the address in its file.
std::pair<std::string, std::uintptr_t> code_at(std::uintptr_t pc, const module_table& modules) {
  const std::uint32_t count = std::min(modules.count.load(std::memory_order_acquire), module_table::capacity);
  for (std::uint32_t i = count; i-- > 0;)
    if (const module_entry& one = modules.entries[i]; pc >= one.begin && pc < one.end) return {one.path, pc - one.bias};
  return {};
}

// Who made the heap block is the actor that "allocated it".
void ask_of_block(const finding& told, const raw_memory& memory, std::size_t index, std::vector<name_asked>& asked) {
  const auto maker = std::ranges::find(told.actors, "allocated it", &actor::action);
  if (maker == told.actors.end() || memory.address < memory.block) return;
  const auto user = std::ranges::find_if(maker->stack, &frame::is_user);
  if (user == maker->stack.end()) return;
  name_question what;
  what.bytes = memory.bytes;
  for (const possible_type& type : types_made_by(maker->stack))
    asked.push_back(
        {index, what.of_member(user->module, type.name, memory.block_bytes, memory.address - memory.block, type.is_one),
         type.name});
}

// "on 4 bytes on the stack of main" and "on cache+0x8 (4 bytes)": the size, and what is known of the place, stay.
std::string headline_with(const std::string& what, const std::string& name) {
  if (!what.starts_with("on ")) return what + ": " + name;
  const std::size_t bracket = what.rfind(" (");
  if (what.ends_with(")") && bracket != std::string::npos) return "on " + name + what.substr(bracket);
  std::string rest = what.substr(3);
  if (const std::size_t global = rest.find(" of a global variable"); global != std::string::npos) rest.erase(global);
  return "on " + name + " (" + rest + ")";
}

}  // namespace

void name_memory(std::vector<finding>& findings, const std::vector<std::pair<std::size_t, raw_memory>>& memories,
                 const module_table& modules) {
  std::vector<name_asked> asked;
  for (const auto& [index, memory] : memories) {
    if (memory.address == 0 || index >= findings.size() || index >= most_named) continue;
    name_question what;
    what.bytes = memory.bytes;
    const void* address = reinterpret_cast<const void*>(memory.address);
    if (memory.block != 0)
      ask_of_block(findings[index], memory, index, asked);
    else if (memory.pc != 0) {
      const auto [module, in_file] = code_at(memory.pc - 1, modules);
      if (!module.empty())
        asked.push_back(
            {index, what.of_local(module, in_file, static_cast<std::intptr_t>(memory.address - memory.frame)), {}});
    } else if (const static_place place = static_place_of(address); !place.module.empty()) {
      asked.push_back({index, what.of_global(place.module, place.in_file), {}});
    }
  }
  std::vector<std::string> questions;
  for (const name_asked& one : asked) questions.push_back(one.question);
  const std::vector<debug_name> answers = ask_names(questions);
  std::size_t named = findings.size();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (!answers[i].is_found || asked[i].finding == named) continue;
    named = asked[i].finding;
    findings[named].what = headline_with(findings[named].what, asked[i].type + answers[i].name);
  }
}

}  // namespace ravel::detail
