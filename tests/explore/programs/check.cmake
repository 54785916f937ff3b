# SPDX-License-Identifier: MIT
# Explores a faulty program by hand, as a user without CMake would, and runs the printed rerun line in a fresh environment.
# Called as: cmake -DPROGRAM=... -DARGUMENTS=... -DVARIANT=points -DWORDS=<regular expression> -P check.cmake
function(run out_code out_text)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text TIMEOUT 100)
  set(${out_code} "${code}" PARENT_SCOPE)
  set(${out_text} "${text}" PARENT_SCOPE)
endfunction()

# Without a mode it is the program it was.
run(code text "${CMAKE_COMMAND}" -E env "${PROGRAM}" 0)
if(text MATCHES "seen in|executions")
  message(FATAL_ERROR "without RAVEL_MODE the program was judged:\n${text}")
endif()

run(code text "${CMAKE_COMMAND}" -E env RAVEL_MODE=explore RAVEL_EXECUTIONS=10000 RAVEL_SECONDS=4 RAVEL_VARIANT=${VARIANT} "${PROGRAM}" ${ARGUMENTS})
if(NOT code EQUAL 1 OR NOT text MATCHES "${WORDS}")
  message(FATAL_ERROR "wanted exit code 1 and ${WORDS}; got ${code}:\n${text}")
endif()
string(REGEX MATCH "${WORDS}.*" from_finding "${text}")
if(NOT from_finding MATCHES "rerun: ([^\n]*)")
  message(FATAL_ERROR "no rerun line:\n${text}")
endif()
set(rerun "${CMAKE_MATCH_1}")
run(code again sh -c "${rerun}")
if(NOT code EQUAL 1 OR NOT again MATCHES "${WORDS}")
  message(FATAL_ERROR "the rerun line \"${rerun}\" gave ${code}:\n${again}")
endif()
