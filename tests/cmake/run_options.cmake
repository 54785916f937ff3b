# SPDX-License-Identifier: MIT
# cmake/run refuses what it does not know with code 64, before it installs or builds anything.
# Called as: cmake -DROOT=... -DBINARY=... -P run_options.cmake
file(MAKE_DIRECTORY "${BINARY}")
function(expect_refused words)
  execute_process(COMMAND "${ROOT}/cmake/run" ${ARGN} WORKING_DIRECTORY "${BINARY}"
    RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT code EQUAL 64 OR out OR NOT err MATCHES "${words}" OR NOT err MATCHES "usage: cmake/run demo")
    message(FATAL_ERROR "cmake/run ${ARGN}: code ${code} instead of 64\n${out}\n${err}")
  endif()
endfunction()
expect_refused("^usage")
expect_refused("there is no command \"tets\"" tets)
expect_refused("there is no option \"--every\"" test --every)
expect_refused("there is no option \"-all\"" test -all folder)
expect_refused("demo has no option --all" demo --all)
expect_refused("there are two folders, \"one\" and \"two\"" test --all one two)
file(GLOB left "${BINARY}/*")
if(left)
  message(FATAL_ERROR "a refused command has made ${left}")
endif()
