# SPDX-License-Identifier: MIT
# Lanes: one CTest entry each, <name>.<mode>.<variant or tool>.
# What CMake decides travels as RAVEL_CMAKE_* so that the user's own RAVEL_ROUNDS and RAVEL_SECONDS win over it, and
# sanitizer options are never set here, because that would throw the user's away.

# Reads the caller's arg_* (ravel_add_test).
function(_ravel_add_lane name lane)
  _ravel_variant_of(${lane} variant)
  if(lane STREQUAL "explore.address")
    set_property(TARGET ravel_lanes PROPERTY RAVEL_EXPLORES_ADDRESS ON)
  endif()
  string(REGEX MATCH "^[a-z]+" mode ${lane})
  string(REGEX REPLACE "^[a-z]+\\." "" kind ${lane})
  set(test ${name}.${lane})
  set(executable ${name}.${variant})
  get_property(canary_status GLOBAL PROPERTY RAVEL_CANARY_STATUS_${lane})

  if(arg_TIMEOUT)
    set(timeout ${arg_TIMEOUT})
  else()
    set(timeout 300)
    if(NOT kind STREQUAL variant)
      set(timeout 600)
    endif()
    if(arg_SECONDS)
      string(REGEX REPLACE "\\..*" "" whole_seconds ${arg_SECONDS})
      math(EXPR timeout "${timeout} + ${whole_seconds}")
    endif()
  endif()

  set(environment
    "RAVEL_MODE=${mode}" "RAVEL_LANE=${test}" "RAVEL_VARIANT=${variant}" "RAVEL_BUILD_DIR=${CMAKE_BINARY_DIR}"
    "RAVEL_UNINSTRUMENTED=$<TARGET_PROPERTY:${executable},RAVEL_UNINSTRUMENTED>"
    "RAVEL_CMAKE_TRUSTED=$<TARGET_PROPERTY:${executable},RAVEL_TRUSTED>"
    "RAVEL_CANARY_STATUS=${canary_status}")
  if(TARGET Ravel::names)
    list(APPEND environment "RAVEL_NAMES=$<TARGET_FILE:Ravel::names>")
  endif()
  if(arg_ROUNDS)
    list(APPEND environment "RAVEL_CMAKE_ROUNDS=${arg_ROUNDS}")
  endif()
  if(arg_EXECUTIONS)
    list(APPEND environment "RAVEL_CMAKE_EXECUTIONS=${arg_EXECUTIONS}")
  endif()
  if(arg_SECONDS)
    list(APPEND environment "RAVEL_CMAKE_SECONDS=${arg_SECONDS}")
  endif()

  _ravel_lane_command(${lane} ${executable} command reason)
  set(arguments "")
  if(NOT reason AND DEFINED arg_ARGS)
    _ravel_as_code("${arg_ARGS}" arguments)
  endif()
  _ravel_as_code("${command}" command)
  cmake_language(EVAL CODE "add_test(NAME ${test} COMMAND ${command} ${arguments})")
  if(reason)
    # The command prints nothing but this, so the expression cannot match what a test says.
    set_tests_properties(${test} PROPERTIES SKIP_REGULAR_EXPRESSION "^skipped: Ravel: ")
  elseif(NOT kind STREQUAL variant)
    _ravel_valgrind_log(${test} log)
    list(APPEND environment "RAVEL_TOOL=${kind}" "RAVEL_VALGRIND_LOG=${log}")
  endif()
  # One thread at a time: Ravel's engine and Valgrind see to that.
  set(processors 2)
  if(mode STREQUAL "explore" OR NOT kind STREQUAL variant)
    set(processors 1)
  endif()
  set_tests_properties(${test} PROPERTIES
    ENVIRONMENT "${environment};${arg_ENVIRONMENT}"
    TIMEOUT ${timeout}
    PROCESSORS ${processors}
    SKIP_RETURN_CODE 77
    FIXTURES_REQUIRED ravel_canary_${lane}
    LABELS "ravel;${mode};${kind};${arg_LABELS}")
endfunction()

# A list as arguments in code: an unquoted list would lose its empty elements, and split those with semicolons.
# "" is one empty element.
function(_ravel_as_code list out)
  set(code "")
  if(list STREQUAL "")
    set(code "[[]]")
  endif()
  foreach(element IN LISTS list)
    string(APPEND code " [==[${element}]==]")
  endforeach()
  set(${out} "${code}" PARENT_SCOPE)
endfunction()

# out_command: what runs the executable in the lane. out_reason: why it cannot run here, or "".
function(_ravel_lane_command lane executable out_command out_reason)
  string(REGEX REPLACE "^[a-z]+\\." "" kind ${lane})
  set(command $<TARGET_FILE:${executable}>)
  set(reason "")
  if(kind MATCHES "^(memcheck|helgrind|drd)$")
    find_program(RAVEL_VALGRIND valgrind DOC "Valgrind, for the lanes stress.memcheck, stress.helgrind and stress.drd")
    if(RAVEL_VALGRIND)
      _ravel_valgrind_options(${kind} options)
      set(command "${RAVEL_VALGRIND}" ${options} $<TARGET_FILE:${executable}>)
    else()
      set(reason "Valgrind was not found when this tree was configured. Install it (Debian: valgrind) and configure again.")
      set(command "${CMAKE_COMMAND}" -E echo "skipped: Ravel: ${reason}")
    endif()
  endif()
  set(${out_command} ${command} PARENT_SCOPE)
  set(${out_reason} "${reason}" PARENT_SCOPE)
endfunction()

# Where Valgrind writes for a test, and where Ravel reads it back.
function(_ravel_valgrind_log test out)
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/ravel/valgrind")
  set(${out} "${CMAKE_BINARY_DIR}/ravel/valgrind/${test}.log" PARENT_SCOPE)
endfunction()

# The exit code stays the test's own: Ravel counts errors itself, by client requests, and ties them to their round.
#   helgrind --history-level=full   a finding needs the stacks of both accesses; approx gives only a bracket for the other
#   helgrind --track-lockorders=no  Ravel's own lock-order check knows guards, try-locks and lock groups; Helgrind's does not
#   memcheck --leak-check=no        none at the end of each process: the valgrind check asks for leaks between rounds
#   drd --check-stack-var=yes       a body's fresh state is on its stack; DRD would pass over it otherwise
function(_ravel_valgrind_options tool out)
  get_property(cmake_dir GLOBAL PROPERTY RAVEL_CMAKE_DIR)
  file(GLOB suppressions "${cmake_dir}/suppressions/valgrind*.supp" "${cmake_dir}/suppressions/${tool}*.supp")
  set(options --tool=${tool} --quiet "--log-file=%q{RAVEL_VALGRIND_LOG}" --num-callers=24 --fair-sched=yes --trace-children=no --child-silent-after-fork=no --error-limit=no)
  if(tool STREQUAL "memcheck")
    list(APPEND options --leak-check=no --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect)
  elseif(tool STREQUAL "helgrind")
    list(APPEND options --history-level=full --track-lockorders=no)
  else()
    list(APPEND options --check-stack-var=yes)
  endif()
  foreach(file IN LISTS suppressions)
    list(APPEND options "--suppressions=${file}")
  endforeach()
  set(${out} ${options} PARENT_SCOPE)
endfunction()
