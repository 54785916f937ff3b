# SPDX-License-Identifier: MIT
# Each execution reads the same input from its start. Called as: cmake -DPROGRAM=... -P input.cmake
file(WRITE "${PROGRAM}.txt" "one\ntwo\n")
string(REPEAT "0123456789abcdef" 65536 megabyte)
file(WRITE "${PROGRAM}.large" "${megabyte}")
function(expect what code words command)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env RAVEL_MODE=explore RAVEL_VARIANT=points RAVEL_EXECUTIONS=10
    sh -c "${command}" RESULT_VARIABLE got OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT got EQUAL code OR NOT text MATCHES "${words}")
    message(FATAL_ERROR "${what}: wanted exit code ${code} and ${words}; got ${got}:\n${text}")
  endif()
endfunction()
expect("a file" 0 "clean.* 10 executions" "'${PROGRAM}' < '${PROGRAM}.txt'")
expect("a file, not from its start" 1 "EXITED the program returned 7" "{ read line; '${PROGRAM}'; } < '${PROGRAM}.txt'")
expect("a pipe" 0 "clean.* 10 executions" "cat '${PROGRAM}.txt' | '${PROGRAM}'")
expect("a pipe that stays open" 0 "each execution reads the 8 bytes.*clean.* 10 executions"
  "{ cat '${PROGRAM}.txt'; sleep 3; } | '${PROGRAM}'")
expect("nothing" 0 "clean.* 10 executions" "'${PROGRAM}' nothing < /dev/null")
expect("none at all" 0 "clean.* 10 executions" "'${PROGRAM}' nothing <&-")
expect("too much" 64 "more than 64 MiB" "{ for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do
  cat '${PROGRAM}.large' '${PROGRAM}.large' '${PROGRAM}.large' '${PROGRAM}.large'; done; } | '${PROGRAM}'")
