# SPDX-License-Identifier: MIT
# The supervising process runs nothing of the program. Called as: cmake -DPROGRAM=... -P at_exit.cmake
set(told "${PROGRAM}.told")
foreach(more "RAVEL_EXECUTIONS=5" "RAVEL_EXECUTIONS=none")
  file(REMOVE "${told}")
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env RAVEL_MODE=explore RAVEL_VARIANT=points ${more} "TOLD=${told}" "${PROGRAM}"
    RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(EXISTS "${told}" OR NOT code MATCHES "^(0|64)$")
    message(FATAL_ERROR "${more}: exit code ${code}; functions of the program ran without its main:\n${text}")
  endif()
endforeach()
