# SPDX-License-Identifier: MIT
# Canaries: for each lane kind in use, a planted bug that the lane must find before its other results count.
# CTest runs it as a fixture: if it fails, the user's lanes are "Not Run". A skipped fixture would let them run, so
# the canary also writes what came of it to a file, and a lane that runs although its canary was skipped fails.

# What each canary is built from, and the findings that its output must name (all those joined by &).
set_property(GLOBAL PROPERTY RAVEL_CANARY_stress.plain lock_order "LOCK ORDER&UNRELEASED")
set_property(GLOBAL PROPERTY RAVEL_CANARY_stress.thread race RACE)
set_property(GLOBAL PROPERTY RAVEL_CANARY_stress.address use_after_free "MEMORY ERROR")
set_property(GLOBAL PROPERTY RAVEL_CANARY_explore.plain lost_wakeup "LOST WAKE-UP")
set_property(GLOBAL PROPERTY RAVEL_CANARY_explore.points lost_update "REQUIREMENT FAILED")
set_property(GLOBAL PROPERTY RAVEL_CANARY_explore.thread race RACE)
set_property(GLOBAL PROPERTY RAVEL_CANARY_explore.address use_after_free "MEMORY ERROR")
set_property(GLOBAL PROPERTY RAVEL_CANARY_stress.memcheck use_after_free "MEMORY ERROR")
set_property(GLOBAL PROPERTY RAVEL_CANARY_stress.helgrind race RACE)
set_property(GLOBAL PROPERTY RAVEL_CANARY_stress.drd race RACE)

# Adds ravel.canary.<lane> once for the build tree, in the directory of the first test that needs it:
# what that directory does to its tests (flags, another linker) is done to the canary.
# out_executable: its target, for the tests to depend on. Whoever builds one test only has its canary then, too.
function(_ravel_canary lane out_executable)
  get_property(planted GLOBAL PROPERTY RAVEL_CANARY_${lane})
  list(POP_FRONT planted bug kind)
  _ravel_variant_of(${lane} variant)
  set(executable ravel.canary.${bug}.${variant})
  set(${out_executable} ${executable} PARENT_SCOPE)
  get_property(status_file GLOBAL PROPERTY RAVEL_CANARY_STATUS_${lane})
  if(status_file)
    return()
  endif()
  set(status_file "${CMAKE_BINARY_DIR}/ravel/canary/${lane}.status")
  set_property(GLOBAL PROPERTY RAVEL_CANARY_STATUS_${lane} "${status_file}")
  get_property(cmake_dir GLOBAL PROPERTY RAVEL_CMAKE_DIR)

  if(NOT TARGET ${executable})
    add_executable(${executable} "${cmake_dir}/canary/${bug}.cpp")
    _ravel_variant_library(${variant} variant_library)
    target_link_libraries(${executable} PRIVATE Ravel::checks ${variant_library})
    set_target_properties(${executable} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/ravel/canary")
    _ravel_compile_as(${executable} ${variant})
  endif()

  string(REGEX MATCH "^[a-z]+" mode ${lane})
  string(REGEX REPLACE "^[a-z]+\\." "" tool ${lane})
  set(test ravel.canary.${lane})
  _ravel_lane_command(${lane} ${executable} command reason)
  list(JOIN command "|" command_text)
  add_test(NAME ${test} COMMAND "${CMAKE_COMMAND}" "-DCOMMAND=${command_text}" "-DREASON=${reason}" "-DKIND=${kind}"
    "-DLANE=${lane}" "-DSTATUS=${status_file}" -P "${cmake_dir}/canary/check.cmake")

  # A canary must run the same whatever the user asks of the lanes, so that a rerun line reaches only the test it names.
  set(changes "")
  foreach(variable RAVEL_MODE RAVEL_ROUNDS RAVEL_EXECUTIONS RAVEL_SECONDS RAVEL_ENGINE RAVEL_ISOLATION RAVEL_SEED
          RAVEL_STRATEGY RAVEL_REPLAY RAVEL_REPORT_DIR RAVEL_SHARD RAVEL_CMAKE_ROUNDS RAVEL_CMAKE_EXECUTIONS RAVEL_CMAKE_SECONDS
          RAVEL_POINTS RAVEL_HOLD_UP RAVEL_SPURIOUS_WAKEUPS RAVEL_EARLY_TIMEOUTS RAVEL_FAILING_TRIES RAVEL_SCRATCH RAVEL_STOP_AFTER
          RAVEL_CANARY_STATUS RAVEL_UNINSTRUMENTED RAVEL_TRUSTED RAVEL_CMAKE_TRUSTED RAVEL_TOOL RAVEL_VALGRIND_LOG
          TEST_SHARD_INDEX TEST_TOTAL_SHARDS TEST_SHARD_STATUS_FILE)
    list(APPEND changes "${variable}=unset:")
  endforeach()
  list(APPEND changes "RAVEL_MODE=set:${mode}" "RAVEL_LANE=set:${test}" "RAVEL_VARIANT=set:${variant}"
    "RAVEL_BUILD_DIR=set:${CMAKE_BINARY_DIR}")
  if(NOT tool STREQUAL variant)
    _ravel_valgrind_log(${test} log)
    list(APPEND changes "RAVEL_TOOL=set:${tool}" "RAVEL_VALGRIND_LOG=set:${log}")
  endif()
  set_tests_properties(${test} PROPERTIES
    ENVIRONMENT_MODIFICATION "${changes}"
    FIXTURES_SETUP ravel_canary_${lane}
    SKIP_REGULAR_EXPRESSION "skipped: Ravel: "
    PROCESSORS 2
    TIMEOUT 300
    LABELS "ravel;canary")
endfunction()
