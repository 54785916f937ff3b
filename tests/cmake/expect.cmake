# SPDX-License-Identifier: MIT
# For scripts that try CMake projects: run a command, look at its output.

# Stops unless the command succeeds.
function(run out)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "exit code ${code} from: ${ARGN}\n${text}")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# Stops unless the command fails.
function(run_failing out)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(code EQUAL 0)
    message(FATAL_ERROR "should have failed: ${ARGN}\n${text}")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# CMake wraps its messages: any run of blanks counts as one.
function(expect_text text pattern)
  string(REGEX REPLACE "[ \n]+" " " line "${text}")
  if(NOT line MATCHES "${pattern}")
    message(FATAL_ERROR "no match for: ${pattern}\nin:\n${text}")
  endif()
endfunction()

function(expect_no_text text pattern)
  string(REGEX REPLACE "[ \n]+" " " line "${text}")
  if(line MATCHES "${pattern}")
    message(FATAL_ERROR "unwanted match for: ${pattern}\nin:\n${text}")
  endif()
endfunction()
