# SPDX-License-Identifier: MIT
# RAVEL_SCRATCH: called as: cmake -DPROGRAM=... -DFOLDER=... -P scratch.cmake
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}/work/in" "${FOLDER}/temporary")
file(WRITE "${FOLDER}/work/in/input.txt" "input\n")
file(WRITE "${FOLDER}/work/once.txt" "once\n")
file(WRITE "${FOLDER}/work/script.sh" "#!/bin/sh\n")
file(CHMOD "${FOLDER}/work/script.sh" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
file(CREATE_LINK "in/input.txt" "${FOLDER}/work/link" SYMBOLIC)
set(ENV{TMPDIR} "${FOLDER}/temporary")

# expect(<code> <words> <variable=value>...)
function(expect code words)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env RAVEL_MODE=explore ${ARGN} "${PROGRAM}"
    WORKING_DIRECTORY "${FOLDER}/work" RESULT_VARIABLE got OUTPUT_VARIABLE text ERROR_VARIABLE text TIMEOUT 100)
  if(NOT got EQUAL code OR NOT text MATCHES "${words}")
    message(FATAL_ERROR "${ARGN}: wanted exit code ${code} and ${words}; got ${got}:\n${text}")
  endif()
  file(GLOB left "${FOLDER}/temporary/*")
  if(left)
    message(FATAL_ERROR "${ARGN}: left behind: ${left}")
  endif()
endfunction()

expect(0 "clean" RAVEL_EXECUTIONS=30 RAVEL_SCRATCH=1)
if(EXISTS "${FOLDER}/work/result.txt" OR NOT EXISTS "${FOLDER}/work/once.txt")
  message(FATAL_ERROR "an execution changed the working directory itself")
endif()
# A copy that a killed run left is removed.
file(MAKE_DIRECTORY "${FOLDER}/temporary/ravel-scratch-999999999/in")
expect(0 "clean" RAVEL_EXECUTIONS=2 RAVEL_SCRATCH=1)
expect(64 "RAVEL_SCRATCH=\"yes\" cannot be used: write 1 \\(on\\) or 0 \\(off\\)" RAVEL_SCRATCH=yes)
expect(64 "RAVEL_SCRACH is not known; did you mean RAVEL_SCRATCH" RAVEL_SCRACH=1)
# The rerun line of a finding has it, too. With it off, the second execution finds what the first one left.
expect(1 "EXITED the program returned 7" RAVEL_EXECUTIONS=3 RAVEL_SCRATCH=0)
file(WRITE "${FOLDER}/work/once.txt" "once\n")
expect(1 "EXITED .*exit with 3.*rerun: RAVEL_SCRATCH=1 RAVEL_REPLAY=" RAVEL_EXECUTIONS=3 RAVEL_SCRATCH=1)
file(REMOVE "${FOLDER}/work/result.txt")

execute_process(COMMAND "${CMAKE_COMMAND}" -E env TMPDIR=${FOLDER}/work/in RAVEL_MODE=explore RAVEL_SCRATCH=1 "${PROGRAM}"
  WORKING_DIRECTORY "${FOLDER}/work" RESULT_VARIABLE got OUTPUT_VARIABLE text ERROR_VARIABLE text)
if(NOT got EQUAL 64 OR NOT text MATCHES "which lies in it: set TMPDIR")
  message(FATAL_ERROR "a temporary directory in the working directory: ${got}:\n${text}")
endif()
execute_process(COMMAND truncate -s 65M "${FOLDER}/work/large")
expect(64 "holds more than 64 MiB: run the program in a directory" RAVEL_EXECUTIONS=2 RAVEL_SCRATCH=1)
file(REMOVE "${FOLDER}/work/large")
