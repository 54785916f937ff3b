// SPDX-License-Identifier: MIT
// A whole program as the body: how it ended becomes a finding when that is not well. In the process that runs it.
#pragma once

namespace ravel::detail {

// Its main has returned this; exit is called next.
void program_returned(int status) noexcept;
// exit was called. Nothing when its main had returned.
void program_called_exit(int status) noexcept;

}  // namespace ravel::detail
