# SPDX-License-Identifier: MIT
# Removing what a canary guards makes it fail, and leaves the lanes that depend on it "Not Run"; the other lanes pass.
# First each check is taken out of the programs, then each tool. Nothing is wrong with the lanes' own body.
# Called as: cmake -DSOURCE=... -DBINARY=... -DPREFIX=... -DGENERATOR=... -DCXX=... -P blind.cmake
cmake_minimum_required(VERSION 3.24)
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
find_program(valgrind valgrind)
set(valgrind_lanes "")
if(valgrind)
  set(valgrind_lanes stress.memcheck stress.helgrind stress.drd)
endif()

# expect_blind(<what is taken out> LANES <lane>... [OTHERS <lane>...] OPTIONS <option of the configure step>...)
function(expect_blind what)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LANES;OTHERS;OPTIONS")
  run(output ${CMAKE_COMMAND} -S "${SOURCE}" -B "${BINARY}" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${PREFIX}"
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_BUILD_TYPE=RelWithDebInfo ${arg_OPTIONS})
  run(output ${CMAKE_COMMAND} --build "${BINARY}" -j 2)
  set(all ${arg_LANES} ${arg_OTHERS})
  list(JOIN all "|" names)
  run_failing(output ${CMAKE_CTEST_COMMAND} --test-dir "${BINARY}" --output-on-failure --no-tests=error -j 4
    -R "\\.(${names})$")
  foreach(lane IN LISTS all)
    if(lane IN_LIST arg_LANES)
      expect_text("${output}" "ravel.canary.${lane} [.]+\\*\\*\\*Failed")
      expect_text("${output}" "${lane} is blind: it did not find the bug planted in its canary")
      expect_text("${output}" "clean.${lane} [.]+\\*\\*\\*Not Run")
    else()
      expect_text("${output}" "ravel.canary.${lane} [.]+ Passed")
      expect_text("${output}" "clean.${lane} [.]+ Passed")
    endif()
  endforeach()
  message("without ${what}: ${arg_LANES} blind, as it should be")
endfunction()

file(REMOVE_RECURSE "${BINARY}")
expect_blind("the check lock_order" LANES stress.plain OTHERS explore.plain explore.points OPTIONS -DWITHOUT=lock_order)
expect_blind("the check ledger" LANES stress.plain OPTIONS -DWITHOUT=ledger)
expect_blind("the check sanitizers" LANES stress.thread stress.address explore.thread
  OTHERS stress.plain explore.plain explore.points ${valgrind_lanes} OPTIONS -DWITHOUT=sanitizer)
if(valgrind)
  expect_blind("the check valgrind" LANES ${valgrind_lanes} OTHERS stress.thread stress.address OPTIONS -DWITHOUT=valgrind)
endif()

# In Valgrind's place, a script that runs the program without it.
set(no_valgrind "${BINARY}/no_valgrind")
file(WRITE "${no_valgrind}" "#!/bin/sh\nwhile case $1 in --*) ;; *) false ;; esac; do shift; done\nexec \"$@\"\n")
file(CHMOD "${no_valgrind}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
expect_blind("the tools" LANES stress.thread stress.address stress.memcheck stress.helgrind stress.drd explore.points explore.thread
  OPTIONS -DWITHOUT= -DTOOL=OFF "-DRAVEL_VALGRIND=${no_valgrind}")
