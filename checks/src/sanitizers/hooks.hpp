// SPDX-License-Identifier: MIT
// Anchors of the files that hold only what a runtime calls. The runtimes define those functions weakly themselves,
// so nothing would pull the files out of the archive.
#pragma once

namespace ravel::checks::sanitizers {

extern const char tsan_hook, ubsan_hook, default_options;

}  // namespace ravel::checks::sanitizers
