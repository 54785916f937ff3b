# SPDX-License-Identifier: MIT
# Tells a sanitizer that cannot start on this machine from a finding. A runtime that dies before main cannot report
# itself, so its text is what there is to go by.
#   ravel_explain_start("<output>" "<exit code or signal>" result)
# sets result to a sentence with the cure, or to "" when the output shows no such trouble.

function(ravel_explain_start output exit_code out_result)
  set(randomised "because of how it randomises addresses. This is no finding. Cure: run `setarch -R ctest ...`, or as root `sysctl vm.mmap_rnd_bits=28`.")
  set(result "")
  if(output MATCHES "ThreadSanitizer: unexpected memory mapping|FATAL: ThreadSanitizer: .*(mmap|mapping)|ThreadSanitizer can not mmap")
    set(result "ThreadSanitizer cannot start on this machine, ${randomised}")
  elseif(output MATCHES "Shadow memory range interleaves|ReserveShadowMemoryRange failed|AddressSanitizer: .*shadow memory.*failed")
    set(result "AddressSanitizer cannot start on this machine: its shadow memory has no room, most likely ${randomised} "
      "A limit on address space (`ulimit -v`) has the same effect: set it to unlimited.")
    string(CONCAT result ${result})
  elseif(output MATCHES "ASan runtime does not come first in initial library list")
    set(result "AddressSanitizer cannot start, because another library is preloaded before it. This is no finding. Cure: unset LD_PRELOAD, or put the sanitizer's library first in it.")
  elseif(output MATCHES "LeakSanitizer does not work under ptrace|LeakSanitizer has encountered a fatal error")
    set(result "LeakSanitizer cannot work here: it needs ptrace, which a debugger, strace or a container's rules keep from it. This is no finding. Cure: run outside the debugger; docker: add --cap-add=SYS_PTRACE.")
  elseif(output MATCHES "personality|setarch: failed to set personality")
    if(output MATCHES "[Oo]peration not permitted")
      set(result "the sanitizer wanted to switch off address randomisation and may not (`personality` is refused, as in some containers). This is no finding. Cure: as root on the host `sysctl vm.mmap_rnd_bits=28`; docker: --security-opt seccomp=unconfined.")
    endif()
  elseif(output MATCHES "failed to allocate 0x[0-9a-f]+ .*bytes|can't allocate .* shadow|ERROR: .*Sanitizer failed to allocate")
    set(result "the sanitizer could not get the memory it needs. This is no finding. Cure: raise the limits (`ulimit -v unlimited`), or give the machine or container more memory.")
  elseif(output MATCHES "valgrind: +Fatal error at startup|valgrind: failed to start tool|valgrind: Unknown option")
    set(result "Valgrind cannot start here; its own words stand above. This is no finding. Debian: a missing redirection is cured by installing libc6-dbg.")
  elseif(output MATCHES "unhandled dwarf2")
    set(result "this Valgrind cannot read the debug information that the compiler wrote. This is no finding. Cure: compile with -gdwarf-4 what the lane links beside Ravel's own variants, or use a newer Valgrind.")
  elseif(output MATCHES "error while loading shared libraries: (lib[a-z]*san[^:]*):")
    set(result "the sanitizer's library ${CMAKE_MATCH_1} is missing on this machine. This is no finding. Cure: install it (it comes with the compiler), or set LD_LIBRARY_PATH.")
  endif()
  set(${out_result} "${result}" PARENT_SCOPE)
endfunction()
