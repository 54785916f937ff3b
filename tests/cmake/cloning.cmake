# SPDX-License-Identifier: MIT
# Configures, builds and runs the project in cloning/, and looks at what was said on the way.
# Called as: cmake -DSOURCE=... -DBINARY=... -DPREFIX=... -DGENERATOR=... -DCXX=... -P cloning.cmake
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")

file(REMOVE_RECURSE "${BINARY}")
run(output ${CMAKE_COMMAND} -S "${SOURCE}" -B "${BINARY}" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${PREFIX}"
  -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_BUILD_TYPE=RelWithDebInfo)
expect_text("${output}" "kinds\\.thread links TBB::tbb uninstrumented")
expect_no_text("${output}" "kinds\\.plain links")
run(output ${CMAKE_COMMAND} --build "${BINARY}" --target kinds.plain kinds.thread kinds.address)
foreach(variant plain thread address)
  run(output "${BINARY}/tests/kinds.${variant}")
endforeach()

# The tree as a whole under a sanitizer: one lane is left, and the libraries are used as they are.
set(whole "${BINARY}-whole")
file(REMOVE_RECURSE "${whole}")
run(output ${CMAKE_COMMAND} -S "${SOURCE}" -B "${whole}" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${PREFIX}"
  -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=-fsanitize=thread)
expect_text("${output}" "kinds has no stress\\.plain stress\\.address here, because this whole tree is built with the thread sanitizer")
expect_text("${output}" "kinds\\.thread links TBB::tbb uninstrumented")
run(output ${CMAKE_COMMAND} --build "${whole}" --target help)
expect_no_text("${output}" "static_part\\.ravel")
expect_text("${output}" "kinds\\.thread")
