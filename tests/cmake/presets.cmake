# SPDX-License-Identifier: MIT
# Every preset configures: a tree of one variant, or a whole tree under one sanitizer, which cannot have the other lanes.
# Called as: cmake -DROOT=... -DBINARY=... -DCXX=... -P presets.cmake
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
file(REMOVE_RECURSE "${BINARY}")
file(READ "${ROOT}/CMakePresets.json" presets)
string(JSON last LENGTH "${presets}" workflowPresets)
math(EXPR last "${last} - 1")
foreach(index RANGE ${last})
  string(JSON preset GET "${presets}" workflowPresets ${index} name)
  run(output ${CMAKE_COMMAND} -E chdir "${ROOT}" ${CMAKE_COMMAND} --preset ${preset} -B "${BINARY}/${preset}" -DCMAKE_CXX_COMPILER=${CXX})
  message("preset ${preset} configures")
endforeach()
