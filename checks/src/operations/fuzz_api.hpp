// SPDX-License-Identifier: MIT
// The fuzz targets that are tables of operations, as they are written in their files.
#pragma once

#include <ravel/fuzz.hpp>

namespace ravel::checks::detail {

// The one that is written there; null: none is.
[[nodiscard]] const written_api* api_at(const site& place) noexcept;

}  // namespace ravel::checks::detail
