# SPDX-License-Identifier: MIT
# cmake -DENDS=<libFuzzer program of ends.cpp> -DFINDS=<of lock_pair.cpp> -DVARIANT=<theirs> -DFOLDER=<scratch> -P saved.cmake
# The input that ends the process is the one that libFuzzer saves: a loop, a crash, an abort, a stack overflow; and the
# input of a finding, which the saved file shows again.
file(REMOVE_RECURSE "${FOLDER}")

function(run folder)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env RAVEL_VARIANT=${VARIANT} ${ARGN} WORKING_DIRECTORY "${folder}"
    OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE result TIMEOUT 100)
  set(told "${ARGN}\nstatus ${result}\n${out}\n${err}" PARENT_SCOPE)
  set(result "${result}" PARENT_SCOPE)
endfunction()

set(ends 1 2 3 4)
if(VARIANT STREQUAL "thread")
  # TSan's runtime may die itself where libFuzzer asks it for the stack of a thread whose stack has overflowed.
  set(ends 1 2 3)
endif()
foreach(how IN LISTS ends)
  set(folder "${FOLDER}/${how}")
  file(MAKE_DIRECTORY "${folder}/in")
  # Of text, because CMake writes no zero bytes: one thread, no switch, one call of end(how).
  math(EXPR byte "48 + ${how}")  # 48 modulo 6 is 0
  string(ASCII 48 48 33 48 48 ${byte} bytes)
  file(WRITE "${folder}/in/harmless" "")
  file(WRITE "${folder}/in/ends" "${bytes}")
  run("${folder}" "${ENDS}" -timeout=3 -runs=3 in)
  file(GLOB saved "${folder}/crash-*" "${folder}/timeout-*")
  list(LENGTH saved count)
  if(result EQUAL 0 OR NOT count EQUAL 1)
    message(FATAL_ERROR "end(${how}) was to end the process, and its input to be saved\n${told}")
  endif()
  file(READ "${saved}" saved)
  if(NOT saved STREQUAL bytes)
    message(FATAL_ERROR "end(${how}): another input was saved\n${told}")
  endif()
endforeach()

set(folder "${FOLDER}/finds")
file(MAKE_DIRECTORY "${folder}")
# This seed comes to it after thousands of inputs in "thread": what libFuzzer keeps meanwhile is no growth of the target's.
run("${folder}" "${FINDS}" -max_len=256 -max_total_time=90 -seed=1568028588)
file(GLOB saved "${folder}/crash-*")
list(LENGTH saved count)
if(NOT told MATCHES "DEADLOCK" OR NOT count EQUAL 1)
  message(FATAL_ERROR "the deadlock was to be found, and its input to be saved\n${told}")
endif()
run("${folder}" "${FINDS}" "${saved}")
foreach(wanted DEADLOCK "replays 10/10" "RAVEL_TEST_CASE\\(" "deadly signal")
  if(result EQUAL 0 OR NOT told MATCHES "${wanted}")
    message(FATAL_ERROR "the saved input was to show it again; \"${wanted}\" is missing\n${told}")
  endif()
endforeach()
