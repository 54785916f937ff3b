# SPDX-License-Identifier: MIT
# Builds cross/ for AArch64 and runs its tests under emulation.
# Called as: cmake -DSOURCE=... -DBINARY=... -DGENERATOR=... -DCATCH2_HEADERS=... -P check.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../cmake/expect.cmake")

run(output ${CMAKE_COMMAND} -S "${SOURCE}" -B "${BINARY}" -G "${GENERATOR}" --toolchain "${SOURCE}/toolchain.cmake"
  "-DCATCH2_HEADERS=${CATCH2_HEADERS}" -DCMAKE_BUILD_TYPE=RelWithDebInfo
  "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g -DNDEBUG")
run(output ${CMAKE_COMMAND} --build "${BINARY}" -j 2)
run(output ${CMAKE_CTEST_COMMAND} --test-dir "${BINARY}" --output-on-failure --no-tests=error -j 2)
message("${output}")
