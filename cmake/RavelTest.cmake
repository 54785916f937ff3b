# SPDX-License-Identifier: MIT
# ravel_add_test: one test body, judged in several lanes of one build tree.
#
#   ravel_add_test(cache_test
#     SOURCES cache_test.cpp                  # the test's own files
#     LINK session_cache                      # your targets; cloned with each variant's flags, and what they link too
#     LANES stress.thread stress.address stress.memcheck
#     [ROUNDS n] [EXECUTIONS n] [SECONDS s] [TIMEOUT s]  # budget of one lane; the environment (RAVEL_ROUNDS ...) wins over these
#     [TRUST TBB::tbb libfoo.so.1 ...]        # libraries without instrumentation: what they order is taken as ordered
#     [LABELS ...] [ENVIRONMENT NAME=value ...]
#     [MAIN])                                 # the sources bring their own main: Ravel::checks is linked, not Ravel::catch2
#
# Makes the executables <name>.<variant> at once, so that their properties can be set after the call, and the CTest
# entries <name>.<lane>. Libraries are cloned at the end of configure, when everything that was said about them is known.
include_guard(GLOBAL)
cmake_policy(PUSH)
cmake_policy(VERSION 3.24)

set_property(GLOBAL PROPERTY RAVEL_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}")
include("${CMAKE_CURRENT_LIST_DIR}/ravel/arguments.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/ravel/variants.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/ravel/links.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/ravel/trust.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/ravel/clone.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/ravel/lanes.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/ravel/canary.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/ravel/fuzz.cmake")

function(ravel_add_test name)
  # A function that calls this one may have these, and they are read further down.
  unset(arg_ARGS)
  unset(arg_TARGET)
  cmake_parse_arguments(PARSE_ARGV 1 arg "MAIN" "ROUNDS;EXECUTIONS;SECONDS;TIMEOUT" "SOURCES;LINK;LANES;TRUST;LABELS;ENVIRONMENT")
  _ravel_check_arguments()
  if(DEFINED BUILD_TESTING AND NOT BUILD_TESTING)
    message(STATUS "Ravel: ${name} is left out, because BUILD_TESTING is off")
    return()
  endif()

  _ravel_wanted_lanes(${name} "${arg_LANES}" lanes)
  set(variants "")
  foreach(lane IN LISTS lanes)
    _ravel_variant_of(${lane} variant)
    list(APPEND variants ${variant})
  endforeach()
  list(REMOVE_DUPLICATES variants)

  _ravel_tree_variant(whole_tree)
  set(adapter Ravel::catch2)
  if(arg_MAIN)
    set(adapter Ravel::checks)
  endif()
  foreach(variant IN LISTS variants)
    set(executable ${name}.${variant})
    add_executable(${executable} ${arg_SOURCES})
    _ravel_compile_as(${executable} ${variant})
    set_target_properties(${executable} PROPERTIES
      RAVEL_VARIANT ${variant} RAVEL_LINK "${arg_LINK}" RAVEL_ADAPTER ${adapter}
      RAVEL_WHOLE_TREE "${whole_tree}" RAVEL_UNINSTRUMENTED "" RAVEL_TRUSTED "")
    set_property(GLOBAL APPEND PROPERTY RAVEL_EXECUTABLES ${executable})
  endforeach()
  foreach(lane IN LISTS lanes)
    _ravel_canary(${lane} canary)
    _ravel_variant_of(${lane} variant)
    add_dependencies(${name}.${variant} ${canary})
    _ravel_add_lane(${name} ${lane})
  endforeach()

  # Two moments: this directory's end, where the imported targets that only it can see are looked at, and the end of
  # the whole configure step, where the clones are made.
  cmake_language(EVAL CODE "cmake_language(DEFER CALL _ravel_survey_directory ${name} [[${variants}]])")
  cmake_language(EVAL CODE "cmake_language(DEFER CALL _ravel_survey_trust ${name} [[${variants}]] [[${arg_TRUST}]])")
  _ravel_schedule()
endfunction()

# ravel_add_program_test: an existing program with its own main, judged without a change to its sources.
#
#   ravel_add_program_test(server_test
#     TARGET server                           # an executable of this project; cloned with each variant's flags
#     ARGS --port 0                           # what it is called with, if anything; it must end by itself, with status 0
#     LANES explore.points explore.thread
#     [ROUNDS n] [EXECUTIONS n] [SECONDS s] [TIMEOUT s] [TRUST ...] [LABELS ...] [ENVIRONMENT NAME=value ...])
#
# main runs once in each round or execution, in a forked child with fresh globals.
function(ravel_add_program_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TARGET;ROUNDS;EXECUTIONS;SECONDS;TIMEOUT" "ARGS;LANES;TRUST;LABELS;ENVIRONMENT")
  set(arg_MAIN ON)
  set(arg_LINK "")
  set(arg_SOURCES "")
  if(NOT arg_TARGET)
    set(arg_TARGET "")
  endif()
  _ravel_check_arguments()
  _ravel_check_program(${name} "${arg_TARGET}")
  if(DEFINED BUILD_TESTING AND NOT BUILD_TESTING)
    message(STATUS "Ravel: ${name} is left out, because BUILD_TESTING is off")
    return()
  endif()
  _ravel_wanted_lanes(${name} "${arg_LANES}" lanes)
  set(variants "")
  foreach(lane IN LISTS lanes)
    _ravel_variant_of(${lane} variant)
    set(executable ${name}.${variant})
    if(NOT TARGET ${executable})
      list(APPEND variants ${variant})
      add_executable(${executable})
      set_target_properties(${executable} PROPERTIES RAVEL_VARIANT ${variant} RAVEL_PROGRAM "${arg_TARGET}"
        RAVEL_UNINSTRUMENTED "" RAVEL_TRUSTED "")
      set_property(GLOBAL APPEND PROPERTY RAVEL_PROGRAMS ${executable})
    endif()
    _ravel_canary(${lane} canary)
    add_dependencies(${executable} ${canary})
    _ravel_add_lane(${name} ${lane})
  endforeach()
  cmake_language(EVAL CODE "cmake_language(DEFER CALL _ravel_survey_trust ${name} [[${variants}]] [[${arg_TRUST}]])")
  _ravel_schedule()
endfunction()

function(_ravel_check_program name target)
  if("${target}" STREQUAL "")
    message(FATAL_ERROR "ravel_add_program_test(${name}): there is no TARGET. Write: TARGET <an executable of this project>")
  endif()
  if(TARGET "${target}")
    get_target_property(type ${target} TYPE)
    get_target_property(is_imported ${target} IMPORTED)
    if(type STREQUAL "EXECUTABLE" AND NOT is_imported)
      return()
    endif()
  endif()
  message(FATAL_ERROR "ravel_add_program_test(${name}): TARGET ${target} is no executable that is built here. Write the name "
    "of one that add_executable made before this call.")
endfunction()

function(_ravel_schedule)
  get_property(is_scheduled GLOBAL PROPERTY RAVEL_IS_SCHEDULED)
  if(NOT is_scheduled)
    set_property(GLOBAL PROPERTY RAVEL_IS_SCHEDULED ON)
    cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _ravel_schedule_finish)
  endif()
endfunction()

# Defers once more, to come after whatever the project itself deferred to the end of its top directory.
function(_ravel_schedule_finish)
  cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _ravel_finish)
endfunction()

# Clones what the tests link, and links it: the user's code first and Ravel last, so that of an inline function that
# both use it is the user's instrumented copy that stays.
function(_ravel_finish)
  get_property(executables GLOBAL PROPERTY RAVEL_EXECUTABLES)
  foreach(executable IN LISTS executables)
    get_target_property(variant ${executable} RAVEL_VARIANT)
    get_target_property(link ${executable} RAVEL_LINK)
    get_target_property(adapter ${executable} RAVEL_ADAPTER)
    # In a tree that is built with the sanitizer as a whole, the user's libraries are linked as they are.
    get_target_property(is_whole_tree ${executable} RAVEL_WHOLE_TREE)
    set(uninstrumented "")
    set(items "")
    # What target_link_libraries(<name>.<variant> ...) has added since.
    get_property(added TARGET ${executable} PROPERTY LINK_LIBRARIES)
    if(added AND NOT is_whole_tree)
      _ravel_rewrite_links("${added}" "" ${variant} added uninstrumented)
    endif()
    foreach(item IN LISTS link)
      _ravel_resolve_link_item(${executable} "${item}" ${variant} "${is_whole_tree}" resolved missing)
      list(APPEND items "${resolved}")
      list(APPEND uninstrumented ${missing})
    endforeach()
    _ravel_variant_library(${variant} variant_library)
    set_property(TARGET ${executable} PROPERTY LINK_LIBRARIES ${items} ${added} ${adapter} ${variant_library}
      $<TARGET_NAME_IF_EXISTS:Ravel::fixtures> $<TARGET_NAME_IF_EXISTS:Ravel::json>)
    _ravel_note_uninstrumented(${executable} ${variant} "${uninstrumented}")
  endforeach()
  get_property(programs GLOBAL PROPERTY RAVEL_PROGRAMS)
  foreach(executable IN LISTS programs)
    _ravel_finish_program(${executable})
  endforeach()
endfunction()

function(_ravel_finish_program executable)
  get_target_property(variant ${executable} RAVEL_VARIANT)
  get_target_property(program ${executable} RAVEL_PROGRAM)
  _ravel_fill_clone(${program} ${executable} EXECUTABLE ${variant})
  _ravel_variant_library(${variant} variant_library)
  # Linked only: compiled as the program itself is, in its own language standard.
  set(libraries Ravel::program ${variant_library} $<TARGET_NAME_IF_EXISTS:Ravel::json>)
  list(TRANSFORM libraries REPLACE "(.+)" "$<LINK_ONLY:\\1>")
  set_property(TARGET ${executable} APPEND PROPERTY LINK_LIBRARIES ${libraries})
  # A function of the program that has the name of one that Ravel intercepts (send, ...) is the program's; not where Ravel itself calls it, as it does read.
  set_property(TARGET ${executable} APPEND PROPERTY LINK_OPTIONS -Wl,-z,muldefs)
  get_target_property(missing ${executable} RAVEL_MISSING)
  if(NOT missing)
    set(missing "")
  endif()
  _ravel_note_uninstrumented(${executable} ${variant} "${missing}")
endfunction()

cmake_policy(POP)
