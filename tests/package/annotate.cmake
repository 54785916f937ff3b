# SPDX-License-Identifier: MIT
# Who links Ravel::annotate gets a header and nothing else: no library on the link line, none built, no name of Ravel's in
# the program but weak ones. In C, by find_package (with no other language enabled), FetchContent and add_subdirectory.
# Called as: cmake -DSOURCE=... -DBINARY=... -DPREFIX=... -DRAVEL_SOURCE=... -DNM=... -DGENERATOR=... -DCXX=... -DC=...
#   -P annotate.cmake
cmake_minimum_required(VERSION 3.24)
include("${CMAKE_CURRENT_LIST_DIR}/../cmake/expect.cmake")

file(REMOVE_RECURSE "${BINARY}")
foreach(how find_package FetchContent add_subdirectory)
  set(tree "${BINARY}/${how}")
  set(source "${RAVEL_SOURCE}")
  if(how STREQUAL "find_package")
    set(source "")
  endif()
  run(output ${CMAKE_COMMAND} -S "${SOURCE}" -B "${tree}" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${PREFIX}" -DHOW=${how}
    "-DRAVEL_SOURCE=${source}" -DCMAKE_C_COMPILER=${C} -DCMAKE_CXX_COMPILER=${CXX} --no-warn-unused-cli)
  run(output ${CMAKE_COMMAND} --build "${tree}" --target server --verbose)
  expect_text("${output}" "-std=c99 .*sessions\\.c")
  expect_no_text("${output}" "libravel|-std=[a-z]+\\+\\+|-pthread|-lstdc")
  file(GLOB_RECURSE libraries "${tree}/*ravel*.a")
  if(libraries)
    message(FATAL_ERROR "${how}: Ravel::annotate had these built: ${libraries}")
  endif()

  foreach(file server libsessions.a)
    run(names "${NM}" "${tree}/${file}")
    foreach(name ravel_entry_acquired ravel_entry_released_in ravel_point)
      expect_text("${names}" " w ${name}[^a-z_]")
    endforeach()
    expect_no_text("${names}" " [^w ] ravel_")
  endforeach()
  run(output "${tree}/server")
  message("${how}: a header and nothing else")
endforeach()
