# SPDX-License-Identifier: MIT
# A correct body under AddressSanitizer leaves no words of the sanitizer's. PROGRAM, FOLDER: see CMakeLists.txt.
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
execute_process(COMMAND "${CMAKE_COMMAND}" -E env RAVEL_MODE=explore RAVEL_VARIANT=address RAVEL_LANE=silent
    "RAVEL_REPORT_DIR=${FOLDER}" "${PROGRAM}" "POSIX semaphores" RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
file(GLOB reports "${FOLDER}/*.json")
file(GLOB words "${FOLDER}/*.sanitizer.txt")
if(NOT code EQUAL 0 OR NOT reports)
  message(FATAL_ERROR "it ended with ${code}, or left no report:\n${said}")
endif()
if(words)
  file(READ "${words}" text)
  message(FATAL_ERROR "the sanitizer told of something in a clean run:\n${text}")
endif()
