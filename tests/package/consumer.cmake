# SPDX-License-Identifier: MIT
# Tries one consumer project: builds it with its faults and with FIXED, runs its lanes through ctest, and judges them.
# Also takes the rerun line of each finding and runs it, word for word, in a fresh shell; RERUN_SAYS is to be in what it says.
# Called as: cmake -DSOURCE=... -DBINARY=... -DPREFIX=... -DRAVEL_SOURCE=... -DEXPECTED=<lane>=<word>|... ... -P consumer.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../cmake/expect.cmake")
string(REPLACE "|" ";" expected "${EXPECTED}")

# Configures and builds; the consumer sees only what a user's would.
function(build)
  run(output ${CMAKE_COMMAND} -S "${SOURCE}" -B "${BINARY}" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${PREFIX}"
    "-DCatch2_DIR=${CATCH2_DIR}" "-DRAVEL_SOURCE=${RAVEL_SOURCE}" -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_BUILD_TYPE=${BUILD_TYPE} --no-warn-unused-cli ${ARGN})
  run(output ${CMAKE_COMMAND} --build "${BINARY}" -j 2)
endfunction()

function(expect_lane output lane result)
  if(NOT output MATCHES "Test +#[0-9]+: ${lane} [.]+ *${result}")
    message(FATAL_ERROR "${lane} is not: ${result}\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE "${BINARY}")
build(-DFIXED=OFF)
foreach(expectation IN LISTS expected)
  string(REGEX MATCH "^(.*)=(.*)$" matched "${expectation}")
  set(lane ${CMAKE_MATCH_1})
  string(REPLACE "/" "|" word "${CMAKE_MATCH_2}")
  string(REPLACE "." "\\." lane_pattern ${lane})
  run_failing(output ${CMAKE_CTEST_COMMAND} --test-dir "${BINARY}" --output-on-failure --no-tests=error -R "^${lane_pattern}$")
  string(REGEX MATCH "[a-z]+\\.[a-z]+$" kind ${lane})
  expect_lane("${output}" "ravel.canary.${kind}" Passed)
  expect_lane("${output}" ${lane} "\\*\\*\\*Failed")
  expect_text("${output}" "(${word})")

  if(NOT output MATCHES "rerun: ([^\n]*)")
    message(FATAL_ERROR "${lane}: no rerun line\n${output}")
  endif()
  set(rerun "${CMAKE_MATCH_1}")
  file(WRITE "${BINARY}/rerun.sh" "${rerun}\n")
  run_failing(again env -C / -i "PATH=$ENV{PATH}" HOME=/ sh "${BINARY}/rerun.sh")
  expect_text("${again}" "(${word})")
  if(RERUN_SAYS)
    expect_text("${again}" "${RERUN_SAYS}")
    # A token of another program: nothing runs, and that is no success.
    string(REGEX REPLACE "RAVEL_REPLAY=r1[.][0-9a-f]+" "RAVEL_REPLAY=r1.ffff" rerun_nothing "${rerun}")
    file(WRITE "${BINARY}/rerun.sh" "${rerun_nothing}\n")
    run_failing(nothing env -C / -i "PATH=$ENV{PATH}" HOME=/ sh "${BINARY}/rerun.sh")
    expect_text("${nothing}" "SKIPPED . 2 tests, listed below: .*RAVEL_REPLAY names none of the test cases that this program has run")
  endif()
  message("${lane}: found (${word}), and again by: ${rerun}")
endforeach()

build(-DFIXED=ON)
run(output ${CMAKE_CTEST_COMMAND} --test-dir "${BINARY}" --output-on-failure --no-tests=error)
foreach(expectation IN LISTS expected)
  string(REGEX REPLACE "=.*" "" lane "${expectation}")
  expect_lane("${output}" ${lane} Passed)
endforeach()
message("with FIXED every lane passes")
