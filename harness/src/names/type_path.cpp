// SPDX-License-Identifier: MIT
// See type_path.hpp.
#include "type_path.hpp"

#include "value_text.hpp"

#include <dwarf.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace ravel::names {

namespace {

constexpr unsigned deepest = 24;

std::string name_of(Dwarf_Die die) {
  const char* name = dwarf_diename(&die);
  return name == nullptr ? "" : name;
}

bool is_class(int tag) { return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type; }

// Types of the language's library whose members say less than they themselves do.
bool is_opaque(const std::string& name) {
  if (name.starts_with("pthread_") || name == "sem_t") return true;
  std::string_view rest = name;
  if (!rest.starts_with("std::")) return false;
  rest.remove_prefix(5);
  if (rest.starts_with("__1::")) rest.remove_prefix(5);
  const std::string_view word = rest.substr(0, rest.find('<'));
  for (const std::string_view one : {"atomic",
                                     "__atomic_base",
                                     "atomic_flag",
                                     "__atomic_flag_base",
                                     "mutex",
                                     "__mutex_base",
                                     "recursive_mutex",
                                     "__recursive_mutex_base",
                                     "timed_mutex",
                                     "recursive_timed_mutex",
                                     "shared_mutex",
                                     "shared_timed_mutex",
                                     "condition_variable",
                                     "condition_variable_any",
                                     "once_flag",
                                     "thread",
                                     "jthread",
                                     "latch",
                                     "barrier",
                                     "counting_semaphore",
                                     "string",
                                     "string_view"})
    if (word == one) return true;
  return false;
}

// Steps that only the library's own sources have a word for.
bool is_noise(const std::string& member) {
  for (const std::string_view one : {"_M_impl", "_M_t", "_M_head_impl", "_M_u", "_M_payload", "_M_storage", "_M_ptr",
                                     "_M_i", "_M_base", "__ptr_", "__value_", "__a_", "__a_value", "_M_elems"})
    if (member == one) return true;
  return false;
}

struct member {
  std::string name;
  Dwarf_Die type;
  std::uint64_t offset, size;
  bool is_base;
};

std::optional<std::uint64_t> number_of(Dwarf_Die die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr_integrate(&die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) return {};
  return value;
}

bool has_members(Dwarf_Die type) {
  Dwarf_Die child;
  if (dwarf_child(&type, &child) != 0) return false;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_inheritance || (tag == DW_TAG_member && !dwarf_hasattr(&child, DW_AT_external))) return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

std::vector<member> members_of(Dwarf_Die type) {
  std::vector<member> members;
  const bool is_closure = name_of(type).starts_with("<lambda") || name_of(type).empty();
  Dwarf_Die child;
  if (dwarf_child(&type, &child) != 0) return members;
  do {
    const int tag = dwarf_tag(&child);
    if (tag != DW_TAG_member && tag != DW_TAG_inheritance) continue;
    if (dwarf_hasattr(&child, DW_AT_external) != 0 || dwarf_hasattr(&child, DW_AT_declaration) != 0)
      continue;  // static
    member one;
    one.is_base = tag == DW_TAG_inheritance;
    if (!type_of(child, one.type)) continue;
    if (one.is_base && !has_members(one.type)) continue;  // an empty base has no place of its own
    const std::optional<std::uint64_t> offset = number_of(child, DW_AT_data_member_location);
    if (!offset && dwarf_hasattr(&child, DW_AT_data_member_location) != 0) continue;  // a virtual base: not known here
    one.offset = offset.value_or(0);
    if (const auto bits = number_of(child, DW_AT_data_bit_offset)) one.offset = *bits / 8;
    one.size = size_of(one.type);
    one.name = one.is_base ? "" : name_of(child);
    // gcc's names of captured variables.
    if (is_closure && one.name.starts_with("__")) one.name.erase(0, 2);
    members.push_back(std::move(one));
  } while (dwarf_siblingof(&child, &child) == 0);
  return members;
}

struct found_member {
  answer what;
  unsigned depth = 0;
  bool is_exact = false;  // its size is that of the access
};

class search {
 public:
  explicit search(const place& at) : bytes_(at.bytes), value_(at.value) {}

  // is_quiet: inside of a type whose members are not told.
  std::optional<found_member> in(Dwarf_Die type, std::uint64_t offset, bool is_quiet, unsigned depth) const {
    if (depth > deepest) return {};
    const std::string alias = dwarf_tag(&type) == DW_TAG_typedef ? name_of(type) : "";
    Dwarf_Die peeled;
    if (dwarf_peel_type(&type, &peeled) != 0) return {};
    is_quiet = is_quiet || is_opaque(alias) || is_opaque(qualified_name(peeled));
    const int tag = dwarf_tag(&peeled);
    const std::uint64_t size = size_of(peeled);
    if (offset != 0 && offset >= size) return {};
    if (is_class(tag)) return in_class(peeled, size, offset, is_quiet, depth);
    if (tag == DW_TAG_array_type) return in_array(peeled, offset, is_quiet, depth);
    if (offset != 0 && !is_quiet && bytes_ != 0 && bytes_ != place::largest)
      return end(peeled, size, depth, "+" + std::to_string(offset));
    return end(peeled, size, depth, "");
  }

 private:
  std::optional<found_member> end(Dwarf_Die type, std::uint64_t size, unsigned depth, std::string suffix) const {
    found_member found;
    found.depth = depth;
    found.is_exact = size == bytes_;
    found.what.name = std::move(suffix);
    if (found.is_exact && value_) {
      found.what.value = value_text(type, *value_);
      found.what.is_pointer = is_pointer(type);
    }
    return found;
  }

  std::optional<found_member> in_class(Dwarf_Die type, std::uint64_t size, std::uint64_t offset, bool is_quiet,
                                       unsigned depth) const {
    std::optional<found_member> best;
    // A lock is named as a whole.
    if (offset == 0 && bytes_ == place::largest) return end(type, size, depth, "");
    if (is_quiet && bytes_ == 0) return end(type, size, depth, "");
    for (const member& one : members_of(type)) {
      if (offset < one.offset || offset >= one.offset + std::max<std::uint64_t>(one.size, 1)) continue;
      std::optional<found_member> there = in(one.type, offset - one.offset, is_quiet, depth + 1);
      if (!there) continue;
      if (!is_quiet && !one.name.empty() && !is_noise(one.name)) there->what.name = "." + one.name + there->what.name;
      if (!best || (there->is_exact && !best->is_exact) ||
          (there->is_exact == best->is_exact && there->depth > best->depth))
        best = std::move(there);
    }
    const bool is_whole = offset == 0 && size == bytes_;
    if (is_whole && (!best || !best->is_exact)) return end(type, size, depth, "");
    if (!best && is_quiet) return end(type, size, depth, "");
    return best;
  }

  std::optional<found_member> in_array(Dwarf_Die type, std::uint64_t offset, bool is_quiet, unsigned depth) const {
    Dwarf_Die element;
    if (!type_of(type, element)) return {};
    const std::uint64_t size = size_of(element);
    if (size == 0) return {};
    std::optional<found_member> there = in(element, offset % size, is_quiet, depth + 1);
    if (there && !is_quiet) there->what.name = "[" + std::to_string(offset / size) + "]" + there->what.name;
    return there;
  }

  std::uint64_t bytes_;
  std::optional<std::uint64_t> value_;
};

}  // namespace

bool type_of(Dwarf_Die die, Dwarf_Die& type) {
  Dwarf_Attribute attribute;
  return dwarf_attr_integrate(&die, DW_AT_type, &attribute) != nullptr &&
         dwarf_formref_die(&attribute, &type) != nullptr;
}

std::uint64_t size_of(Dwarf_Die type) {
  Dwarf_Word size = 0;
  return dwarf_aggregate_size(&type, &size) == 0 ? size : 0;
}

std::string qualified_name(Dwarf_Die die) {
  std::string name = name_of(die);
  if (name.empty()) return {};
  Dwarf_Die* scopes = nullptr;
  const int count = dwarf_getscopes_die(&die, &scopes);
  for (int i = 1; i < count; ++i) {
    const int tag = dwarf_tag(&scopes[i]);
    if (tag != DW_TAG_namespace && !is_class(tag)) continue;
    const std::string outer = name_of(scopes[i]);
    name = (outer.empty() ? "(anonymous namespace)" : outer) + "::" + name;
  }
  std::free(scopes);
  return name;
}

std::optional<answer> member_at(Dwarf_Die type, const place& at) {
  if (at.offset < 0) return {};
  std::optional<found_member> found = search(at).in(type, static_cast<std::uint64_t>(at.offset), false, 0);
  if (!found) return {};
  return std::move(found->what);
}

}  // namespace ravel::names
