# SPDX-License-Identifier: MIT
# Called as: cmake -DPROGRAM=... -P limit.cmake
function(expect code words)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env RAVEL_MODE=explore RAVEL_VARIANT=points ${ARGN} "${PROGRAM}"
    RESULT_VARIABLE got OUTPUT_VARIABLE text ERROR_VARIABLE text TIMEOUT 150)
  if(NOT got EQUAL code OR NOT text MATCHES "${words}")
    message(FATAL_ERROR "${ARGN}: wanted exit code ${code} and ${words}; got ${got}:\n${text}")
  endif()
endfunction()
expect(3 "passed 100000 points.*RAVEL_POINTS" RAVEL_EXECUTIONS=3 RAVEL_POINTS=100000)
expect(1 "EXITED the program returned 3.*rerun: RAVEL_POINTS=1000000 RAVEL_REPLAY=" RAVEL_EXECUTIONS=200 RAVEL_SECONDS=60 RAVEL_POINTS=1000000)
expect(64 "RAVEL_POINTS=\"many\" cannot be used: write how many points" RAVEL_POINTS=many)
expect(64 "RAVEL_SPURIOUS_WAKEUPS=\"yes\" cannot be used: write 1 \\(on\\) or 0 \\(off\\)" RAVEL_SPURIOUS_WAKEUPS=yes)
expect(64 "RAVEL_EARLY_TIMEOUT is not known; did you mean RAVEL_EARLY_TIMEOUTS" RAVEL_EARLY_TIMEOUT=1)
