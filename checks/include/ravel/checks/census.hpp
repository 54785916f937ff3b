// SPDX-License-Identifier: MIT
// Census: what a round leaves behind: running threads, threads that have ended and were neither joined nor detached,
// open file descriptors, heap bytes; and names, with who made them where: shared memory, semaphores, message queues,
// temporary files and folders (mkstemp, mkdtemp and their like; new files in /tmp, /var/tmp, $TMPDIR). What is left
// once and then stays is retained and becomes a note; what rises round after round is a finding. At the end of a whole
// program a thread that was never joined is one at once. Runs by itself in every lane; costs less than a tenth of the
// time.
// Thread safety: call these before the run, or from the body's thread.
#pragma once

namespace ravel::checks {

// Threads created by code of this shared library live on by design: they are not counted. The name is the
// beginning of the file's: "libmypool". libtbb, libomp, libgomp, libiomp5 and libraries' internal helper
// threads of the sanitizers are known already. Throws usage_error without a name or reason, or after 32.
void ignore_threads_of(const char* library, const char* reason);

}  // namespace ravel::checks
