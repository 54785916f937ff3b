# SPDX-License-Identifier: MIT
# What makes a lane fail although no finding was made: a skipped canary, no test case, no threads, 77 failures.
# A blind canary: blind.cmake.
# Called as: cmake -DSOURCE=... -DBINARY=... -DPREFIX=... -DGENERATOR=... -DCXX=... -P lanes.cmake
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")

function(configure)
  run(output ${CMAKE_COMMAND} -S "${SOURCE}" -B "${BINARY}" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${PREFIX}"
    "-DCatch2_DIR=${CATCH2_DIR}" -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_BUILD_TYPE=RelWithDebInfo ${ARGN})
endfunction()

function(build)
  configure(${ARGN})
  run(output ${CMAKE_COMMAND} --build "${BINARY}" -j 2)
endfunction()

set(ctest ${CMAKE_CTEST_COMMAND} --test-dir "${BINARY}" --output-on-failure --no-tests=error)
file(REMOVE_RECURSE "${BINARY}")

# Whoever builds one test only has its canary, too.
configure(-DSKIPPING=OFF)
run(output ${CMAKE_COMMAND} --build "${BINARY}" -j 2 --target clean.plain)
run(output ${ctest} -R "^clean\\.stress\\.plain$")
build(-DSKIPPING=OFF)

# A canary for each lane kind in use, and for no other.
run(output ${ctest} -N -L canary)
expect_text("${output}" "ravel.canary.stress.plain .*ravel.canary.stress.thread .*ravel.canary.stress.memcheck .*ravel.canary.explore.points .*ravel.canary.explore.thread Total Tests: 5")

run(output ${ctest} -R "^clean\\.")
expect_text("${output}" "clean.stress.plain [.]+ Passed .*clean.stress.thread [.]+ Passed .*clean.stress.memcheck [.]+ Passed")
run(output ${ctest} -R "^rounds\\.stress\\.plain$" -V)
expect_text("${output}" "17 (rounds|of 17)")
# The user's environment wins over CMake's argument.
run(output ${CMAKE_COMMAND} -E env RAVEL_ROUNDS=3 ${ctest} -R "^rounds\\.stress\\.plain$" -V)
expect_text("${output}" "[^0-9]3 (rounds|of 3)")
run(output ${ctest} -N -L mine)
expect_text("${output}" "rounds.stress.plain Total Tests: 2")

# Explore mode: CMake's argument, the environment, a part of the search, values that cannot be used.
foreach(variant points thread)
  run_failing(output ${ctest} -R "^executions\\.explore\\.${variant}$")
  expect_text("${output}" "ravel.canary.explore.${variant} [.]+ Passed .*executions.explore.${variant} [.]+\\*\\*\\*Failed")
  expect_text("${output}" "no update is lost.: .*170 executions")
  expect_text("${output}" "rerun: RAVEL_REPLAY=r1[^ ]+ ctest .*executions.explore.${variant}")
endforeach()
foreach(setting "EXECUTIONS=40=40 executions" "SHARD=1/2=85 executions" "STRATEGY=nonsense=strategy .nonsense.: there is none of this name; write one of "
        "ENGINE=fast=RAVEL_ENGINE=.fast. cannot be used: write automatic, user or kernel" "EXECUTIONS=0=RAVEL_EXECUTIONS=.0. cannot be used")
  string(REGEX MATCH "^([A-Z]+=[^=]+)=(.*)$" matched "${setting}")
  set(assignment "${CMAKE_MATCH_1}")
  set(pattern "${CMAKE_MATCH_2}")
  run_failing(output ${CMAKE_COMMAND} -E env "RAVEL_${assignment}" ${ctest} -R "^executions\\.explore\\.points$")
  expect_text("${output}" "${pattern}")
endforeach()

foreach(lane failures no_case no_threads)
  run_failing(output ${ctest} -R "^${lane}\\.stress\\.plain$")
  expect_text("${output}" "ravel.canary.stress.plain [.]+ Passed")
  expect_text("${output}" "${lane}.stress.plain [.]+\\*\\*\\*Failed")
endforeach()

foreach(options "exitcode=0" "exitcode=0:halt_on_error=1" "report_bugs=0" "suppressions=/nonexistent" "log_path=${BINARY}/tsan.log")
  run_failing(output ${CMAKE_COMMAND} -E env "TSAN_OPTIONS=${options}" ${ctest} -R "^racy\\.stress\\.thread$")
endforeach()

# Valgrind switched off: the lane and its canary are skipped, and say why.
build("-DRAVEL_VALGRIND=")
run(output ${ctest} -R "^clean\\.stress\\.memcheck$" -V)
expect_text("${output}" "ravel.canary.stress.memcheck [.]+\\*\\*\\*Skipped")
expect_text("${output}" "clean.stress.memcheck [.]+\\*\\*\\*Skipped")
expect_text("${output}" "skipped: Ravel: Valgrind was not found when this tree was configured")

build(-DSKIPPING=ON)
run_failing(output ${ctest} -R "^clean\\.stress\\.plain$")
expect_text("${output}" "ravel.canary.stress.plain [.]+\\*\\*\\*Skipped")
expect_text("${output}" "clean.stress.plain [.]+\\*\\*\\*Failed")
