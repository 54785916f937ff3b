// SPDX-License-Identifier: MIT
// What the objects in a block of heap memory can be, by who made it: allocator<node>::allocate, make_unique<node>, or
// the one new-expression of the line that did. Whether it fits is for the debug information to say. Parent only. Cost:
// O(frames); the source file is read up to that line.
#pragma once

#include <ravel/finding.hpp>

#include <string>
#include <vector>

namespace ravel::detail {

struct possible_type {
  std::string name;
  bool is_one = false;  // the block holds just one
};

// "node" of "std::allocator<node>::allocate(unsigned long)"; empty where the function's name tells no type.
[[nodiscard]] std::string type_made_by(const std::string& function);
// Of "head_ = new pool::node{key, head_};"; empty when there is no new-expression or more than one.
[[nodiscard]] possible_type type_of_new_expression(const std::string& line);
// By the stack of an allocation, innermost first: up to the first line of the user's.
[[nodiscard]] std::vector<possible_type> types_made_by(const std::vector<frame>& stack);

}  // namespace ravel::detail
