// SPDX-License-Identifier: MIT
// See object_names.hpp.
#include "object_names.hpp"

#include "symbols/object_name.hpp"

#include <ravel/symbols.hpp>

#include <algorithm>
#include <cstdio>

namespace ravel::detail {

namespace {

constexpr std::size_t most_questions = 4'000;

// Without debug information: by its looks.
std::string plain_value(const traced_event& event) {
  if (!event.has_value) return {};
  const bool looks_like_address = event.bytes == 8 && event.value >> 32 != 0 && event.value >> 48 == 0;
  char text[32];
  if (looks_like_address) {
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(event.value));
    return text;
  }
  // Small negative numbers of any size are more likely than huge ones.
  const unsigned bits = 8 * event.bytes;
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  const auto as_signed = static_cast<std::int64_t>(bits == 64 ? event.value : (event.value ^ sign) - sign);
  return as_signed < 0 && as_signed > -1000 ? std::to_string(as_signed) : std::to_string(event.value);
}

struct code_place {
  std::string module;
  std::uintptr_t in_file = 0;
};

code_place code_place_of(std::uintptr_t pc, const module_table& modules) {
  const std::uint32_t count = std::min(modules.count.load(std::memory_order_acquire), module_table::capacity);
  for (std::uint32_t i = count; i-- > 0;)
    if (const module_entry& one = modules.entries[i]; pc >= one.begin && pc < one.end) return {one.path, pc - one.bias};
  return {};
}

// "shop::node<int>" -> "node<int>", and no longer than a column can bear.
std::string short_type(const std::string& type) {
  const std::size_t arguments = type.find('<');
  const std::size_t scope = type.rfind("::", arguments);
  std::string text = scope == std::string::npos ? type : type.substr(scope + 2);
  constexpr std::size_t longest = 24;
  if (text.size() > longest) text = text.substr(0, text.find('<')) + (arguments == std::string::npos ? "" : "<...>");
  return text;
}

std::string thread_name(const trace& trace, std::uint32_t index) {
  const std::string name = trace.threads[index].name.c_str();
  return name.empty() ? "thread " + std::to_string(index) : name;
}

bool is_named_like_a_lock(operation what) {
  return what == operation::lock || what == operation::unlock || what == operation::lock_shared ||
         what == operation::try_lock || what == operation::timed_lock || what == operation::wait ||
         what == operation::signal || what == operation::broadcast;
}

}  // namespace

object_names::object_names(const trace& trace, source_places& places, const module_table& modules)
    : trace_(trace), places_(places), modules_(modules), blocks_(trace, places) {}

std::uint32_t object_names::index_of(const traced_event& event) const {
  return static_cast<std::uint32_t>(&event - trace_.events);
}

// The event of the stack's thread that has its frames as they were: the latest one until then, else the next one.
const traced_event* object_names::frames_of_stack(std::uintptr_t address, const traced_event& when) const {
  std::uint32_t thread = 0;
  while (thread < trace_.thread_count &&
         (address < trace_.threads[thread].stack_low || address >= trace_.threads[thread].stack_high))
    ++thread;
  if (thread == trace_.thread_count) return nullptr;
  for (std::uint32_t i = index_of(when) + 1; i-- > 0;)
    if (trace_.events[i].thread == thread && trace_.events[i].callers > 1) return &trace_.events[i];
  for (std::uint32_t i = index_of(when) + 1; i < trace_.event_count; ++i)
    if (trace_.events[i].thread == thread && trace_.events[i].callers > 1) return &trace_.events[i];
  return nullptr;
}

object_names::asked object_names::questions_for(const void* address, const name_question& what,
                                                const traced_event& when) {
  asked one;
  const auto where = reinterpret_cast<std::uintptr_t>(address);
  if (const static_place place = static_place_of(address); !place.module.empty()) {
    one.questions.push_back(what.of_global(place.module, place.in_file));
    return one;
  }
  if (const traced_event* frames = frames_of_stack(where, when)) {
    constexpr std::uintptr_t to_caller = 16;  // the frame's own two words: a function's variables lie below
    for (std::uint32_t i = 0; i < frames->callers; ++i) {
      if (frames->frame[i] == 0 || where >= frames->frame[i] + to_caller) continue;
      if (const code_place code = code_place_of(frames->caller[i] - 1, modules_); !code.module.empty())
        one.questions.push_back(
            what.of_local(code.module, code.in_file, static_cast<std::intptr_t>(where - frames->frame[i])));
      break;
    }
    return one;
  }
  one.block = blocks_.at(address, index_of(when));
  if (one.block == nullptr || one.block->makers == 0) return one;
  const std::uint64_t offset = where - reinterpret_cast<std::uintptr_t>(one.block->begin);
  for (const possible_type& type : blocks_.types_of(*one.block)) {
    // The type is defined in a module that makes such objects.
    std::set<std::string> asked_of;
    for (std::uint32_t i = 0; i < one.block->makers; ++i) {
      if (!places_.has_user_frame(one.block->maker[i])) continue;
      const code_place code = code_place_of(one.block->maker[i] - 1, modules_);
      if (code.module.empty() || !asked_of.insert(code.module).second) continue;
      one.questions.push_back(what.of_member(code.module, type.name, one.block->bytes, offset, type.is_one));
      one.types.push_back(type.name);
    }
  }
  return one;
}

void object_names::ask(const std::vector<asked>& all) {
  std::vector<std::string> unknown;
  std::set<std::string> seen;
  for (const asked& one : all)
    for (const std::string& question : one.questions)
      if (!answers_.contains(question) && unknown.size() < most_questions && seen.insert(question).second)
        unknown.push_back(question);
  std::vector<debug_name> found = ask_names(unknown);
  for (std::size_t i = 0; i < unknown.size(); ++i) answers_[unknown[i]] = std::move(found[i]);
}

std::string object_names::label_of(const traced_block& block, const std::string& type) {
  const auto [known, is_new] = labels_.try_emplace(&block);
  if (is_new) {
    const std::string word = type.empty() ? "block" : short_type(type);
    known->second = {word + "#" + std::to_string(++labels_of_type_[word]), type};
    labelled_.push_back(&block);
  }
  return known->second.label;
}

std::optional<debug_name> object_names::answer_to(const asked& one) {
  for (std::size_t i = 0; i < one.questions.size(); ++i) {
    const auto known = answers_.find(one.questions[i]);
    if (known == answers_.end() || (known->second.name.empty() && !(one.block != nullptr && known->second.is_found)))
      continue;
    debug_name found = known->second;
    if (one.block != nullptr) found.name = label_of(*one.block, one.types[i]) + found.name;
    return found;
  }
  return std::nullopt;
}

void object_names::learn(const std::vector<const traced_event*>& events) {
  std::vector<asked> all;
  for (const traced_event* event : events) {
    name_question what;
    what.bytes = is_named_like_a_lock(event->what) ? 0 : event->bytes;
    if (event->has_value) what.value = event->value;
    all.push_back(event->object == nullptr ? asked{} : questions_for(event->object, what, *event));
  }
  ask(all);
  std::vector<asked> pointers;
  std::vector<const traced_event*> pointing;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const traced_event& event = *events[i];
    const std::optional<debug_name> found = answer_to(all[i]);
    if (found) {
      names_[&event] = found->name;
      values_[&event] = found->value;
      known_.insert(&event);
    } else if (all[i].block != nullptr && all[i].block->makers != 0) {
      const auto offset =
          reinterpret_cast<std::uintptr_t>(event.object) - reinterpret_cast<std::uintptr_t>(all[i].block->begin);
      names_[&event] = label_of(*all[i].block, "") + (offset == 0 ? "" : "+" + std::to_string(offset));
    }
    if (!found || !found->is_pointer || event.value == 0) continue;
    name_question what;
    what.bytes = name_question::largest_there;
    pointers.push_back(questions_for(reinterpret_cast<const void*>(event.value), what, event));
    pointing.push_back(&event);
  }
  ask(pointers);
  for (std::size_t i = 0; i < pointers.size(); ++i) {
    const traced_block* block = pointers[i].block;
    const std::optional<debug_name> found = answer_to(pointers[i]);
    if (found)
      values_[pointing[i]] = "&" + found->name;
    else if (block != nullptr && reinterpret_cast<std::uintptr_t>(block->begin) == pointing[i]->value &&
             labels_.contains(block))
      values_[pointing[i]] = "&" + labels_.at(block).label;
    if (block != nullptr && block->freed_after <= index_of(*pointing[i]) && values_[pointing[i]].starts_with("&"))
      values_[pointing[i]] += ", freed";
  }
}

std::string object_names::without_debug_information(const void* object) {
  const auto [place, is_new] = fallback_.try_emplace(object);
  if (!is_new) return place->second;
  std::string name = ravel::object_name(object);
  if (name.empty()) name = "object " + std::to_string(++unnamed_);
  return place->second = name;
}

std::string object_names::name_of(const traced_event& event) {
  const auto known = names_.find(&event);
  return known != names_.end() ? known->second : without_debug_information(event.object);
}

std::string object_names::value_of(const traced_event& event) {
  const auto known = values_.find(&event);
  return known != values_.end() && !known->second.empty() ? known->second : plain_value(event);
}

bool object_names::is_known(const traced_event& event) const { return known_.contains(&event); }

std::vector<object_names::freed_block> object_names::freed_blocks() const {
  std::vector<freed_block> freed;
  for (const traced_block* block : labelled_)
    if (block->freed_after != traced_block::never) freed.push_back({block, labels_.at(block).label});
  std::ranges::stable_sort(freed, {}, [](const freed_block& one) { return one.block->freed_after; });
  return freed;
}

std::vector<std::string> object_names::heap_objects() const {
  std::vector<std::string> lines;
  const auto place_of = [&](const std::uintptr_t* pcs, std::uint32_t count) -> std::string {
    for (std::uint32_t i = 0; i < count; ++i)
      if (const frame* place = places_.user_frame_at(pcs[i]))
        return " at " + base_name(place->file) + ":" + std::to_string(place->line);
    return {};
  };
  for (const traced_block* block : labelled_) {
    const heap_label& label = labels_.at(block);
    std::string line = label.label + ": " + (label.type.empty() ? "" : label.type + ", ") +
                       std::to_string(block->bytes) + " bytes made by " + thread_name(trace_, block->made_by) +
                       place_of(block->maker, std::min(block->makers, traced_block::most_callers));
    if (block->freed_after != traced_block::never)
      line += ", freed by " + thread_name(trace_, block->freed_by) +
              place_of(block->freer, std::min(block->freers, traced_block::most_callers));
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace ravel::detail
