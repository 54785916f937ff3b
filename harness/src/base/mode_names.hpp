// SPDX-License-Identifier: MIT
// Which modes this program has, by name, for what is read before any of them is there: RAVEL_MODE, tokens, error texts.
// Filled at static initialisation (process/mode.hpp); read by the main thread.
#pragma once

#include <ravel/token.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ravel::detail {

struct mode_name {
  const char* name;
  bool is_default;                 // used where nothing asks for another one; there is one such
  bool (*has_made)(const token&);  // whether the token is from this mode
};

void add_mode_name(const mode_name& name);
// The default one first, then by name.
[[nodiscard]] const std::vector<mode_name>& mode_names();
[[nodiscard]] bool is_mode_name(std::string_view name);
// "stress or explore"
[[nodiscard]] std::string known_modes();
// The one that the token is from, else the default one; empty when this program has no mode at all.
[[nodiscard]] std::string mode_of(const token* token);

}  // namespace ravel::detail
