# SPDX-License-Identifier: MIT
# Installs this build, then moves it: the package must not know where it was made.
# Called as: cmake -DBUILD=... -DPREFIX=... -P install.cmake
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")

file(REMOVE_RECURSE "${PREFIX}" "${PREFIX}-first")
run(output ${CMAKE_COMMAND} --install "${BUILD}" --prefix "${PREFIX}-first")
file(GLOB_RECURSE files "${PREFIX}-first/*.cmake")
foreach(file IN LISTS files)
  file(READ "${file}" text)
  string(FIND "${text}" "${PREFIX}-first" at_prefix)
  string(FIND "${text}" "${BUILD}" at_build)
  if(NOT at_prefix EQUAL -1 OR NOT at_build EQUAL -1)
    message(FATAL_ERROR "${file} holds a path of the machine that made it")
  endif()
endforeach()
file(RENAME "${PREFIX}-first" "${PREFIX}")
