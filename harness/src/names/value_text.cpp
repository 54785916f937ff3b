// SPDX-License-Identifier: MIT
// See value_text.hpp.
#include "value_text.hpp"

#include "type_path.hpp"

#include <dwarf.h>

#include <cstdio>
#include <cstring>

namespace ravel::names {

namespace {

constexpr unsigned most_members = 4;

std::uint64_t low_bytes(std::uint64_t value, std::uint64_t bytes) {
  return bytes >= 8 ? value : value & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

std::int64_t as_signed(std::uint64_t value, std::uint64_t bytes) {
  const unsigned unused = bytes >= 8 ? 0 : static_cast<unsigned>(64 - 8 * bytes);
  return static_cast<std::int64_t>(value << unused) >> unused;
}

std::string character(std::uint64_t value) {
  char text[16];
  if (value >= 0x20 && value < 0x7f)
    std::snprintf(text, sizeof text, "'%c'", static_cast<char>(value));
  else
    std::snprintf(text, sizeof text, "'\\x%02x'", static_cast<unsigned>(value & 0xff));
  return text;
}

std::string real(std::uint64_t value, std::uint64_t bytes) {
  char text[40];
  if (bytes == 4) {
    float number = 0;
    const auto low = static_cast<std::uint32_t>(value);
    std::memcpy(&number, &low, sizeof number);
    std::snprintf(text, sizeof text, "%g", static_cast<double>(number));
  } else {
    double number = 0;
    std::memcpy(&number, &value, sizeof number);
    std::snprintf(text, sizeof text, "%g", number);
  }
  return text;
}

std::string basic(Dwarf_Die type, std::uint64_t value, std::uint64_t bytes) {
  Dwarf_Attribute attribute;
  Dwarf_Word encoding = 0;
  if (dwarf_attr_integrate(&type, DW_AT_encoding, &attribute) == nullptr || dwarf_formudata(&attribute, &encoding) != 0)
    return {};
  const char* name = dwarf_diename(&type);
  switch (encoding) {
    case DW_ATE_boolean: return value == 0 ? "false" : value == 1 ? "true" : std::to_string(value);
    case DW_ATE_signed_char:
    case DW_ATE_unsigned_char:
      if (name != nullptr && std::strcmp(name, "char") == 0) return character(value);
      return encoding == DW_ATE_signed_char ? std::to_string(as_signed(value, bytes)) : std::to_string(value);
    case DW_ATE_signed: return std::to_string(as_signed(value, bytes));
    case DW_ATE_unsigned:
    case DW_ATE_UTF: return std::to_string(value);
    case DW_ATE_float: return bytes == 4 || bytes == 8 ? real(value, bytes) : "";
    default: return {};
  }
}

std::string enumerator(Dwarf_Die type, std::uint64_t value, std::uint64_t bytes) {
  Dwarf_Die child;
  if (dwarf_child(&type, &child) == 0) do {
      Dwarf_Attribute attribute;
      Dwarf_Sword number = 0;
      if (dwarf_tag(&child) != DW_TAG_enumerator || dwarf_attr(&child, DW_AT_const_value, &attribute) == nullptr ||
          dwarf_formsdata(&attribute, &number) != 0)
        continue;
      if (low_bytes(static_cast<std::uint64_t>(number), bytes) == value) return dwarf_diename(&child);
    } while (dwarf_siblingof(&child, &child) == 0);
  return std::to_string(value);
}

std::string members(Dwarf_Die type, std::uint64_t value) {
  std::string text;
  unsigned count = 0;
  Dwarf_Die child, inner;
  if (dwarf_child(&type, &child) != 0) return {};
  do {
    if (dwarf_tag(&child) != DW_TAG_member || dwarf_hasattr(&child, DW_AT_external) != 0) continue;
    Dwarf_Attribute attribute;
    Dwarf_Word offset = 0;
    const char* name = dwarf_diename(&child);
    if (name == nullptr || !type_of(child, inner) || dwarf_hasattr(&child, DW_AT_data_bit_offset) != 0) return {};
    if (dwarf_attr(&child, DW_AT_data_member_location, &attribute) != nullptr &&
        dwarf_formudata(&attribute, &offset) != 0)
      return {};
    Dwarf_Die peeled;
    if (offset >= 8 || dwarf_peel_type(&inner, &peeled) != 0) return {};
    const std::string one = value_text(peeled, value >> (8 * offset));
    if (one.empty() || ++count > most_members) return {};
    text += (text.empty() ? "{" : ", ") + std::string(name) + " = " + one;
  } while (dwarf_siblingof(&child, &child) == 0);
  return text.empty() ? text : text + "}";
}

}  // namespace

bool is_pointer(Dwarf_Die type) {
  const int tag = dwarf_tag(&type);
  return tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type || tag == DW_TAG_rvalue_reference_type;
}

std::string value_text(Dwarf_Die type, std::uint64_t whole) {
  const std::uint64_t bytes = size_of(type), value = low_bytes(whole, bytes);
  switch (dwarf_tag(&type)) {
    case DW_TAG_base_type: return basic(type, value, bytes);
    case DW_TAG_enumeration_type: return enumerator(type, value, bytes);
    case DW_TAG_structure_type:
    case DW_TAG_class_type: return members(type, value);
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type: {
      char text[24];
      std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
      return value == 0 ? "nullptr" : text;
    }
    default: return {};
  }
}

}  // namespace ravel::names
