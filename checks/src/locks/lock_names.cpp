// SPDX-License-Identifier: MIT
// See lock_names.hpp.
#include "lock_names.hpp"

#include "misuse.hpp"

#include <algorithm>

namespace ravel::checks {

void stack_frames::want(const raw_stack& stack) {
  for (std::uint32_t i = 0; i < stack.depth && i < raw_stack::max_depth; ++i)
    if (!known_.contains(stack.pc[i])) wanted_.push_back(stack.pc[i]);
}

void stack_frames::look_up() {
  if (wanted_.empty()) return;
  std::ranges::sort(wanted_);
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
  std::vector<std::vector<frame>> found = frames_at(wanted_);
  for (std::size_t i = 0; i < wanted_.size() && i < found.size(); ++i) known_[wanted_[i]] = std::move(found[i]);
  wanted_.clear();
}

std::vector<frame> stack_frames::at(std::uintptr_t pc) {
  if (!known_.contains(pc)) wanted_.push_back(pc);
  look_up();
  return known_[pc];
}

std::vector<frame> stack_frames::of(const raw_stack& stack) {
  want(stack);
  look_up();
  std::vector<frame> all;
  for (std::uint32_t i = 0; i < stack.depth && i < raw_stack::max_depth; ++i) {
    const std::vector<frame>& here = known_[stack.pc[i]];
    all.insert(all.end(), here.begin(), here.end());
  }
  return all;
}

std::string place_text(const std::vector<frame>& stack) {
  const auto first = std::ranges::find_if(stack, [](const frame& one) { return one.is_user; });
  if (first == stack.end() || first->file.empty()) return {};
  std::string text = first->file.substr(first->file.rfind('/') + 1) + ":" + std::to_string(first->line);
  // Templates, lambdas and the like have names longer than a line: the line number says it better.
  const std::string function = first->function.substr(0, first->function.find('('));
  if (!function.empty() && function.size() <= 40 && first->function.find_first_of("<{[") == std::string::npos)
    text += " " + function + "()";
  return text;
}

std::string lock_name(const void* lock, lock_kind kind, const char* class_name, const raw_stack* acquired,
                      stack_frames& frames) {
  if (class_name != nullptr) return class_name;
  if (std::string name = object_name(lock); !name.empty()) return name;
  const std::string place = acquired == nullptr ? std::string() : place_text(frames.of(*acquired));
  if (!place.empty()) return std::string("the ") + word_for(kind) + " locked at " + place;
  fixed_text<32> text{};
  text.add_hex(reinterpret_cast<std::uintptr_t>(lock));
  return std::string("the ") + word_for(kind) + " at " + text.c_str();
}

std::string lock_name(const lock_instance& lock, const raw_stack& first_locked, stack_frames& frames) {
  return lock_name(lock.address, lock.kind, lock.class_name, &first_locked, frames);
}

}  // namespace ravel::checks
