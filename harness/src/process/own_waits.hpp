// SPDX-License-Identifier: MIT
// A library that waits by system calls of its own, which no interception of functions sees (libgomp): where a process
// is stuck in such a wait. Parent only. Cost: two reads of /proc a thread.
#pragma once

#include "record/modules.hpp"

#include <sys/types.h>

#include <string>

namespace ravel::detail {

// The file's name of a module in which a thread of the process now waits on a futex, called from its own code; empty:
// none, or not known. The program itself and the system's libraries are passed over.
[[nodiscard]] std::string library_that_waits(pid_t process, const module_table& modules);

}  // namespace ravel::detail
