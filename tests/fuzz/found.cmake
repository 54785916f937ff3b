# SPDX-License-Identifier: MIT
# cmake -DFINDER=<program> -DVARIANT=<its> -DOTHERS=<variant>=<program>,... -DFOLDER=<scratch> -DKIND=<words> -P found.cmake
# A session from nothing finds the planted bug; its crash file shows it again in fresh processes; the schedule token that
# lies beside the file shows it in the other variants.
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")

function(run variant)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env RAVEL_VARIANT=${variant} ${ARGN} WORKING_DIRECTORY "${FOLDER}"
    OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE result)
  if(NOT result EQUAL 1 OR NOT out MATCHES "${KIND}")
    message(FATAL_ERROR "wanted: status 1 and \"${KIND}\"; was: status ${result}\n${ARGN}\n${out}\n${err}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()

run(${VARIANT} ${FINDER} --inputs 2000000 --seconds 120)
message("${out}")
foreach(wanted "replays 10/10" "RAVEL_TEST_CASE\\(" "\\.program|options\\.program" "rerun: RAVEL_REPLAY=r1\\.")
  if(NOT out MATCHES "${wanted}")
    message(FATAL_ERROR "\"${wanted}\" is missing")
  endif()
endforeach()
file(GLOB files "${FOLDER}/crash-*")
list(FILTER files EXCLUDE REGEX "\\.token$")
list(LENGTH files count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "one crash file was to be saved, there are ${count}: ${files}")
endif()
run(${VARIANT} ${FINDER} ${files})
run(${VARIANT} ${FINDER} ${files})
file(READ "${files}.token" token)
string(STRIP "${token}" token)
string(REPLACE "," ";" others "${OTHERS}")
foreach(other ${VARIANT}=${FINDER} ${others})
  string(REGEX MATCH "^([a-z]+)=(.*)$" other "${other}")
  run(${CMAKE_MATCH_1} RAVEL_REPLAY=${token} "${CMAKE_MATCH_2}" ${files})
endforeach()
