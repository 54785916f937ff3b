// SPDX-License-Identifier: MIT
// See local_variables.hpp.
#include "local_variables.hpp"

#include "type_path.hpp"

#include <dwarf.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace ravel::names {

namespace {

#if defined(__aarch64__)
constexpr unsigned frame_pointer = 29;
#else
constexpr unsigned frame_pointer = 6;
#endif

// What `base register + number` is when the register is the frame pointer.
std::optional<std::int64_t> from_frame_pointer(const Dwarf_Op* operations, std::size_t count) {
  if (count != 1) return {};
  const Dwarf_Op& one = operations[0];
  if (one.atom == DW_OP_breg0 + frame_pointer) return static_cast<std::int64_t>(one.number);
  if (one.atom == DW_OP_reg0 + frame_pointer) return 0;
  if (one.atom == DW_OP_bregx && one.number == frame_pointer) return static_cast<std::int64_t>(one.number2);
  return {};
}

// The canonical frame address, as an offset from the frame pointer.
std::optional<std::int64_t> frame_address(Dwarf* dwarf, std::uint64_t pc) {
  std::optional<std::int64_t> found;
  // .debug_frame belongs to the Dwarf and goes with it, .eh_frame to whoever asked for it.
  for (const bool is_loaded : {true, false}) {
    Dwarf_CFI* table = is_loaded ? dwarf_getcfi_elf(dwarf_getelf(dwarf)) : dwarf_getcfi(dwarf);
    if (table == nullptr) continue;
    Dwarf_Frame* frame = nullptr;
    if (dwarf_cfi_addrframe(table, pc, &frame) == 0) {
      Dwarf_Op* operations = nullptr;
      std::size_t count = 0;
      if (dwarf_frame_cfa(frame, &operations, &count) == 0) found = from_frame_pointer(operations, count);
      std::free(frame);
    }
    if (is_loaded) dwarf_cfi_end(table);
    if (found) break;
  }
  return found;
}

std::optional<std::int64_t> frame_base(Dwarf* dwarf, Dwarf_Die function, std::uint64_t pc) {
  Dwarf_Attribute attribute;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_attr_integrate(&function, DW_AT_frame_base, &attribute) == nullptr ||
      dwarf_getlocation_addr(&attribute, pc, &operations, &count, 1) != 1)
    return {};
  if (count == 1 && operations[0].atom == DW_OP_call_frame_cfa) return frame_address(dwarf, pc);
  return from_frame_pointer(operations, count);
}

std::optional<std::int64_t> offset_of(Dwarf_Die variable, std::uint64_t pc, std::optional<std::int64_t> base) {
  Dwarf_Attribute attribute;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_attr_integrate(&variable, DW_AT_location, &attribute) == nullptr ||
      dwarf_getlocation_addr(&attribute, pc, &operations, &count, 1) != 1)
    return {};
  if (count == 1 && operations[0].atom == DW_OP_fbreg)
    return base ? std::optional(*base + static_cast<std::int64_t>(operations[0].number)) : std::nullopt;
  if (count == 1 && operations[0].atom == DW_OP_reg0 + frame_pointer) return {};  // it is in the register
  return from_frame_pointer(operations, count);
}

bool may_hold_functions(int tag) {
  return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
         tag == DW_TAG_union_type;
}
bool is_code(int tag) {
  return tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine;
}

// From the function to the innermost block; dwarf_getscopes does not look into namespaces and classes.
bool find_scopes(Dwarf_Die in, std::uint64_t pc, std::vector<Dwarf_Die>& scopes) {
  Dwarf_Die child;
  if (dwarf_child(&in, &child) != 0) return false;
  do {
    const int tag = dwarf_tag(&child);
    if (is_code(tag) && dwarf_haspc(&child, pc) == 1) {
      scopes.push_back(child);
      find_scopes(child, pc, scopes);
      return true;
    }
    if (may_hold_functions(tag) && find_scopes(child, pc, scopes)) return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

std::optional<answer> variable_in(Dwarf_Die scope, std::uint64_t pc, std::optional<std::int64_t> base,
                                  const place& at) {
  Dwarf_Die child;
  if (dwarf_child(&scope, &child) != 0) return {};
  do {
    const int tag = dwarf_tag(&child);
    Dwarf_Die type;
    if ((tag != DW_TAG_variable && tag != DW_TAG_formal_parameter) || !type_of(child, type)) continue;
    const std::optional<std::int64_t> start = offset_of(child, pc, base);
    const auto size = static_cast<std::int64_t>(size_of(type));
    if (!start || at.offset < *start || at.offset >= *start + size) continue;
    place inside = at;
    inside.offset = at.offset - *start;
    std::optional<answer> found = member_at(type, inside);
    const char* name = dwarf_diename(&child);
    if (found && name != nullptr) found->name = name + found->name;
    if (found && name == nullptr && found->name.starts_with(".")) found->name.erase(0, 1);
    return found;
  } while (dwarf_siblingof(&child, &child) == 0);
  return {};
}

}  // namespace

std::optional<answer> local_variable_at(Dwarf* dwarf, Dwarf_Die unit, std::uint64_t pc, const place& at) {
  std::vector<Dwarf_Die> scopes;
  if (!find_scopes(unit, pc, scopes)) return {};
  const std::optional<std::int64_t> base = frame_base(dwarf, scopes.front(), pc);
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope)
    if (std::optional<answer> found = variable_in(*scope, pc, base, at); found && !found->name.empty()) return found;
  return {};
}

}  // namespace ravel::names
