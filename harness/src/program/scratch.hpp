// SPDX-License-Identifier: MIT
// RAVEL_SCRATCH=1: each execution of a program has a copy of the working directory as its own, so that files which one
// creates, changes or removes are as before for the next. The copy lies under TMPDIR (else /tmp) and is removed when
// the execution's process has ended, however that was. Files share their blocks with the originals where the file
// system can. Cost: reading the directory and copying what is in it, for each execution; it must not hold more than 64
// MiB.
#pragma once

namespace ravel::detail {

// Before the run. Throws usage_error when the working directory is too large, or cannot be read.
void prepare_scratch();

}  // namespace ravel::detail
