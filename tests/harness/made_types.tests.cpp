// SPDX-License-Identifier: MIT
// What a heap object can be, by the functions and the line that made it.
#include "catch.hpp"

#include "symbols/made_types.hpp"

using namespace ravel::detail;

TEST_CASE("made types: an allocator's function names what it makes", "[harness]") {
  CHECK(type_made_by("std::allocator<node>::allocate(unsigned long)") == "node");
  CHECK(type_made_by("std::__new_allocator<shop::node<int, 3> >::allocate(unsigned long, void const*)") ==
        "shop::node<int, 3>");
  CHECK(type_made_by("std::__1::allocator<std::__1::pair<int const, long>>::allocate[abi:ne190107](unsigned long)") ==
        "std::__1::pair<int const, long>");
  CHECK(type_made_by("std::__detail::_MakeUniq<stats>::__single_object std::make_unique<stats, int&>(int&)") ==
        "stats");
  CHECK(type_made_by("std::allocator<node>::deallocate(node*, unsigned long)").empty());
  CHECK(type_made_by("pool::put(int, int)").empty());
  CHECK(type_made_by("").empty());
}

TEST_CASE("made types: the one new-expression of a line", "[harness]") {
  CHECK(type_of_new_expression("  head_ = new node{key, head_};").name == "node");
  CHECK(type_of_new_expression("  return new pool::node<int, 3>(1);").name == "pool::node<int, 3>");
  CHECK(type_of_new_expression("  head_ = new node{key};").is_one);
  CHECK_FALSE(type_of_new_expression("  nodes_ = new node[4];").is_one);
  CHECK(type_of_new_expression("  renew node;").name.empty());
  CHECK(type_of_new_expression("  a = new left; b = new right;").name.empty());
  CHECK(type_of_new_expression("  a = new (memory) left;").name.empty());
  CHECK(type_of_new_expression("").name.empty());
}
