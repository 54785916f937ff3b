# SPDX-License-Identifier: MIT
# Runs one canary and judges it: it must exit 1 (faulty), and its output must name the planted findings.
# Called as: cmake -DCOMMAND=a|b|c -DREASON=... -DKIND=RACE -DLANE=stress.thread -DSTATUS=<file> -P check.cmake
# Writes found, missed or skipped to the status file. Passes only on found; "skipped: Ravel: " in the output is CTest's cue.

include("${CMAKE_CURRENT_LIST_DIR}/explain_start.cmake")

function(conclude status)
  file(WRITE "${STATUS}" "${status}\n")
endfunction()

# Stays if this script is killed: a lane never mistakes an old success for this one.
conclude(missed)

if(REASON)
  conclude(skipped)
  message("skipped: Ravel: ${REASON}")
  return()
endif()

string(REPLACE "|" ";" command "${COMMAND}")
execute_process(COMMAND ${command} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 240)

if(code EQUAL 77 AND output MATCHES "skipped: ([^\n]*)")
  conclude(skipped)
  message("skipped: Ravel: ${CMAKE_MATCH_1}")
  return()
endif()
string(REPLACE "&" ";" kinds "${KIND}")
list(JOIN kinds " and " wanted)
set(missed "")
foreach(kind IN LISTS kinds)
  # At the start of a finding, not anywhere in a path or a stack.
  if(NOT output MATCHES "(^|\n)[ *]*${kind}")
    list(APPEND missed "${kind}")
  endif()
endforeach()
if(code EQUAL 1 AND NOT missed)
  conclude(found)
  message("the planted ${wanted} was found in ${LANE}")
  return()
endif()
set(tools_words "${output}")
if(NOT "$ENV{RAVEL_VALGRIND_LOG}" STREQUAL "" AND EXISTS "$ENV{RAVEL_VALGRIND_LOG}")
  file(READ "$ENV{RAVEL_VALGRIND_LOG}" log LIMIT 20000)
  string(APPEND tools_words "${log}")
endif()
ravel_explain_start("${tools_words}" "${code}" explanation)
if(explanation)
  message("${output}")
  message(FATAL_ERROR "Ravel: ${LANE}: ${explanation}")
endif()
message("${output}")
message(FATAL_ERROR "Ravel: ${LANE} is blind: it did not find the bug planted in its canary "
  "(wanted exit code 1 and ${wanted}; got exit code ${code}). Results of this lane mean nothing until it does.")
