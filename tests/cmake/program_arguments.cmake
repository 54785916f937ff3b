# SPDX-License-Identifier: MIT
# What ravel_add_program_test's ARGS says reaches the program, word for word, and may be nothing.
# Called as: cmake -DSOURCE=... -DBINARY=... -DPREFIX=... -DGENERATOR=... -DCXX=... -P program_arguments.cmake
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")

file(REMOVE_RECURSE "${BINARY}")
run(output ${CMAKE_COMMAND} -S "${SOURCE}" -B "${BINARY}" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${PREFIX}"
  -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_BUILD_TYPE=RelWithDebInfo)
run(output ${CMAKE_COMMAND} --build "${BINARY}" -j 2)
run(output ${CMAKE_CTEST_COMMAND} --test-dir "${BINARY}" --output-on-failure --no-tests=error -j 2)
foreach(call absent nothing nothing_first words one_empty empties split semicolon expression wrapped)
  expect_text("${output}" "${call}\\.stress\\.plain [.]+ Passed")
endforeach()
