# SPDX-License-Identifier: MIT
# Runs a program built for coverage, and looks into the data for what only forked children did.
#   PROGRAM, SOURCE: the program and its file; OBJECT: its object file; TOOL: gcov or llvm-profdata; CLANG: whether clang
set(scratch "${PROGRAM}.data")
file(REMOVE_RECURSE "${scratch}")
file(MAKE_DIRECTORY "${scratch}")
if(CLANG)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env "LLVM_PROFILE_FILE=${scratch}/run.profraw" "${PROGRAM}"
    COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB raw "${scratch}/*.profraw")
  execute_process(COMMAND "${TOOL}" merge -o "${scratch}/merged" ${raw} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND "${TOOL}" show --all-functions --counts "${scratch}/merged" OUTPUT_VARIABLE text
    COMMAND_ERROR_IS_FATAL ANY)
  set(wanted "Function count: 12")
else()
  get_filename_component(folder "${OBJECT}" DIRECTORY)
  file(GLOB old "${folder}/*.gcda")
  if(old)
    file(REMOVE ${old})
  endif()
  execute_process(COMMAND "${PROGRAM}" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND "${TOOL}" --stdout --object-directory "${folder}" "${OBJECT}" WORKING_DIRECTORY "${scratch}"
    OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  set(wanted " 12:[^\n]*the counted line")
endif()
if(NOT text MATCHES "${wanted}")
  message(FATAL_ERROR "the worker's line is not counted 12 times:\n${text}")
endif()
