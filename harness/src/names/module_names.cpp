// SPDX-License-Identifier: MIT
// See module_names.hpp.
#include "module_names.hpp"

#include "local_variables.hpp"
#include "type_path.hpp"

#include <dwarf.h>
#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string_view>

namespace ravel::names {

namespace {

// Longer than this takes longer than a report may.
constexpr std::uint64_t most_bytes = std::uint64_t{192} << 20;
constexpr unsigned deepest_scope = 16;

std::uint64_t bytes_of_section(Elf* elf, const char* wanted) {
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return 0;
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr; section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    const char* name = elf_strptr(elf, names, header.sh_name);
    if (name != nullptr && std::strcmp(name, wanted) == 0) return header.sh_size;
  }
  return 0;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// Names of types are written in several ways: "> >" and ">>", "3ul" and "3"; with and without unnamed namespaces.
std::string normal(std::string name) {
  for (const std::string noise = "(anonymous namespace)::"; name.find(noise) != std::string::npos;)
    name.erase(name.find(noise), noise.size());
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == ' ' && (i + 1 == name.size() || name[i + 1] == '>')) continue;
    result += name[i];
    if (!is_digit(name[i]) || (i != 0 && is_word(name[i - 1]) && !is_digit(name[i - 1]))) continue;
    std::size_t end = i + 1;
    while (end < name.size() && std::string_view("uUlL").find(name[end]) != std::string_view::npos) ++end;
    if (end != i + 1 && (end == name.size() || !is_word(name[end]))) i = end - 1;
  }
  return result;
}

std::string without_scopes(const std::string& name) {
  int depth = 0;
  for (std::size_t i = name.size(); i-- > 1;) {
    if (name[i] == '>') ++depth;
    if (name[i] == '<') --depth;
    if (depth == 0 && name[i] == ':' && name[i - 1] == ':') return name.substr(i + 1);
  }
  return name;
}

bool is_type(int tag) { return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type; }

}  // namespace

module_names::module_names(const std::string& path) {
  open(path);
  if (problem_.empty()) learn();
}

module_names::~module_names() {
  if (dwarf_ != nullptr) dwarf_end(dwarf_);
  if (file_ >= 0) close(file_);
}

void module_names::open(const std::string& path) {
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) {
    problem_ = "it cannot be opened";
    return;
  }
  dwarf_ = dwarf_begin(file_, DWARF_C_READ);
  if (dwarf_ == nullptr) {
    problem_ = "it has no debug information";
    return;
  }
  const std::uint64_t bytes = bytes_of_section(dwarf_getelf(dwarf_), ".debug_info");
  if (bytes > most_bytes)
    problem_ = "its debug information has " + std::to_string(bytes >> 20) + " MiB, and more than " +
               std::to_string(most_bytes >> 20) + " take too long";
}

void module_names::learn() {
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die, split;
  std::uint8_t kind = 0;
  bool lacks_split = false;
  while (dwarf_get_units(dwarf_, unit, &unit, nullptr, &kind, &die, &split) == 0) {
    if (kind == DW_UT_type || kind == DW_UT_split_type) continue;
    Dwarf_Die& scope = kind == DW_UT_skeleton && split.addr != nullptr ? split : die;
    lacks_split = lacks_split || (kind == DW_UT_skeleton && split.addr == nullptr);
    units_.push_back({die, scope});
    learn_from(scope, 0);
  }
  std::ranges::stable_sort(variables_, {}, &variable::address);
  if (units_.empty())
    problem_ = "it has no debug information (build it with -g)";
  else if (!lacks_split && variables_.empty() && types_.empty())
    problem_ = "its debug information has no variables and types (built with -g1; -g has them)";
  if (lacks_split && variables_.empty() && types_.empty())
    problem_ = "its debug information is split, and its .dwo files are not found";
}

void module_names::learn_from(Dwarf_Die scope, unsigned depth) {
  Dwarf_Die child;
  if (depth > deepest_scope || dwarf_child(&scope, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_variable) learn_variable(child);
    if (is_type(tag) && dwarf_hasattr(&child, DW_AT_declaration) == 0)
      if (const char* name = dwarf_diename(&child)) types_.emplace(normal(name), child);
    if (tag == DW_TAG_namespace || is_type(tag) || tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block)
      learn_from(child, depth + 1);
  } while (dwarf_siblingof(&child, &child) == 0);
}

void module_names::learn_variable(Dwarf_Die die) {
  Dwarf_Attribute location;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_attr(&die, DW_AT_location, &location) == nullptr ||
      dwarf_getlocation(&location, &operations, &count) != 0 || count != 1)
    return;
  std::uint64_t address = operations[0].number;
  if (operations[0].atom == DW_OP_addrx || operations[0].atom == DW_OP_GNU_addr_index) {
    Dwarf_Attribute value;
    if (dwarf_getlocation_attr(&location, operations, &value) != 0 || dwarf_formaddr(&value, &address) != 0) return;
  } else if (operations[0].atom != DW_OP_addr) {
    return;
  }
  variable one{address, 0, {}, {}};
  if (address == 0 || !type_of(die, one.type)) return;
  one.size = size_of(one.type);
  // Of a static member or of what a namespace declares, the scopes are those of the declaration.
  Dwarf_Attribute origin;
  Dwarf_Die declared = die;
  if (dwarf_attr(&die, DW_AT_specification, &origin) != nullptr) dwarf_formref_die(&origin, &declared);
  one.name = qualified_name(declared);
  if (one.name.starts_with("(anonymous namespace)::")) one.name.erase(0, 23);
  if (!one.name.empty() && one.size != 0) variables_.push_back(std::move(one));
}

std::optional<answer> module_names::global_at(std::uint64_t address, const place& at) {
  const auto after = std::ranges::upper_bound(variables_, address, {}, &variable::address);
  if (after == variables_.begin()) return {};
  const variable& one = *std::prev(after);
  if (address - one.address >= one.size) return {};
  place inside = at;
  inside.offset = static_cast<std::int64_t>(address - one.address);
  std::optional<answer> found = member_at(one.type, inside);
  if (found) found->name = one.name + found->name;
  return found;
}

std::optional<answer> module_names::local_at(std::uint64_t pc, const place& at) {
  for (unit& one : units_)
    if (dwarf_haspc(&one.ranges, pc) == 1) return local_variable_at(dwarf_, one.scope, pc, at);
  return {};
}

std::optional<Dwarf_Die> module_names::type_named(const std::string& name, std::uint64_t block, bool is_one) {
  const std::string wanted = normal(name);
  std::optional<Dwarf_Die> found;
  std::string full;
  const auto [first, last] = types_.equal_range(without_scopes(wanted));
  for (auto one = first; one != last; ++one) {
    const std::uint64_t size = size_of(one->second);
    if (size == 0 || (is_one ? block != size : block % size != 0)) continue;
    const std::string known = normal(qualified_name(one->second));
    if (known != wanted && !known.ends_with("::" + wanted) && !wanted.ends_with("::" + known)) continue;
    // Two of one name, of different scopes or sizes: it could be either.
    if (found && (known != full || size_of(*found) != size)) return {};
    found = one->second;
    full = known;
  }
  return found;
}

std::optional<answer> module_names::member_of(const std::string& name, std::uint64_t block, bool is_one,
                                              const place& at) {
  constexpr std::uint64_t counts_bytes = 16;  // of libstdc++'s std::make_shared: a vptr and two counts
  if (const std::size_t shared = name.find("_Sp_counted_ptr_inplace<"); shared != std::string::npos) {
    const std::size_t begin = shared + 24;
    int depth = 0;
    std::size_t end = begin;
    while (end < name.size() && (depth > 0 || (name[end] != ',' && name[end] != '>'))) {
      depth += name[end] == '<' ? 1 : name[end] == '>' ? -1 : 0;
      ++end;
    }
    place inside = at;
    inside.offset -= static_cast<std::int64_t>(counts_bytes);
    if (inside.offset < 0) return answer{".<counts of its shared_ptr>", {}, false};
    const std::string made = name.substr(begin, end - begin);
    for (const std::uint64_t padding : {0, 8})  // of the whole, to its alignment
      if (block > counts_bytes + padding)
        if (auto found = member_of(made, block - counts_bytes - padding, true, inside)) return found;
    return {};
  }
  const std::optional<Dwarf_Die> type = type_named(name, block, is_one);
  if (!type || at.offset < 0) return {};
  const std::uint64_t size = size_of(*type);
  place inside = at;
  inside.offset = at.offset % static_cast<std::int64_t>(size);
  std::optional<answer> found = member_at(*type, inside);
  if (found && block != size)
    found->name = "[" + std::to_string(static_cast<std::uint64_t>(at.offset) / size) + "]" + found->name;
  return found;
}

}  // namespace ravel::names
