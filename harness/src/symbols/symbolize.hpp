// SPDX-License-Identifier: MIT
// Return addresses to functions and lines. Parent only, single-threaded. Cost: one symboliser process a call, or a run.
#pragma once

#include "record/modules.hpp"

#include <ravel/finding.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ravel::detail {

// Why some frames of the latest symbolize() have no source line; empty when all is well.
[[nodiscard]] std::string symbolizer_problem();

// Symbolises a batch of return addresses: result[i] holds the frames at pcs[i], inlined ones first.
[[nodiscard]] std::vector<std::vector<frame>> symbolize(const std::vector<std::uintptr_t>& pcs,
                                                        const module_table& modules);

// What was answered is asked anew, as when PATH has changed.
void forget_symbols() noexcept;

// While there is one, a symboliser that was started goes on for later calls; its end is the symboliser's.
class symbolizing {
 public:
  symbolizing() noexcept;
  ~symbolizing();
  symbolizing(const symbolizing&) = delete;
  symbolizing& operator=(const symbolizing&) = delete;
};

}  // namespace ravel::detail
