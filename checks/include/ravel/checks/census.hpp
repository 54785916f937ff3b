// SPDX-License-Identifier: MIT
// Census: what a round leaves behind in the process: running threads, open file descriptors, shared memory
// segments in /dev/shm, heap bytes. What is left once and then stays is retained and becomes a note; what
// rises round after round is a finding. Runs by itself in every lane; costs less than a tenth of the time.
// Thread safety: call these before the run, or from the body's thread.
#pragma once

namespace ravel::checks {

// Threads created by code of this shared library live on by design: they are not counted. The name is the
// beginning of the file's: "libmypool". libtbb, libomp, libgomp, libiomp5 and libraries' internal helper
// threads of the sanitizers are known already. Throws usage_error without a name or reason, or after 32.
void ignore_threads_of(const char* library, const char* reason);

}  // namespace ravel::checks
