# SPDX-License-Identifier: MIT
# COMPILER, SOURCE, FOLDER, WRAPS (thread_wraps.txt), POINTS, THREAD, PROGRAM, CHECKS, HARNESS (libraries, joined by ','):
# see CMakeLists.txt. Builds the subject once, links it as "points" and as "thread", and explores it on both engines.
string(REPLACE "," ";" HARNESS "${HARNESS}")
foreach(name RAVEL_REPLAY RAVEL_STRATEGY RAVEL_SEED RAVEL_EXECUTIONS RAVEL_SECONDS)
  unset(ENV{${name}})
endforeach()

file(MAKE_DIRECTORY "${FOLDER}")
file(WRITE "${FOLDER}/probe.cpp" "#include <version>\nint main() {}\n")
execute_process(COMMAND "${COMPILER}" -stdlib=libc++ "${FOLDER}/probe.cpp" -o "${FOLDER}/probe"
  RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
if(failed)
  message("skipped: Ravel: ${COMPILER} has no libc++ here (Debian: libc++-19-dev libc++abi-19-dev)")
  return()
endif()

execute_process(COMMAND "${COMPILER}" -std=c++20 -stdlib=libc++ -g -O1 -fno-omit-frame-pointer -fsanitize=thread
  -mllvm -tsan-instrument-read-before-write=1 -c "${SOURCE}" -o "${FOLDER}/subject.o" COMMAND_ERROR_IS_FATAL ANY)
# libc++abi before libstdc++, which Ravel's own libraries use: exceptions are the one's that the target's are.
foreach(variant points thread)
  set(flags "")
  set(library "${POINTS}")
  if(variant STREQUAL "thread")
    set(flags -fsanitize=thread "-Wl,@${WRAPS}")
    set(library "${THREAD}")
  endif()
  execute_process(COMMAND "${COMPILER}" -stdlib=libc++ ${flags} "${FOLDER}/subject.o" -Wl,--wrap=main
    -Wl,--whole-archive "${PROGRAM}" "${library}" -Wl,--no-whole-archive -Wl,-u,ravel_checks_registered "${CHECKS}"
    -Wl,--whole-archive ${HARNESS} -Wl,--no-whole-archive -pthread -ldl -lc++ -lc++abi -l:libstdc++.so.6
    -o "${FOLDER}/subject.${variant}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()

function(explore variant engine argument wanted_code words)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env RAVEL_MODE=explore RAVEL_EXECUTIONS=40 RAVEL_ENGINE=${engine}
    RAVEL_VARIANT=${variant} "${FOLDER}/subject.${variant}" ${argument}
    RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text TIMEOUT 100)
  if(NOT code EQUAL wanted_code OR NOT text MATCHES "${words}")
    message(FATAL_ERROR "${variant}, engine ${engine}, ${argument}: wanted exit code ${wanted_code} and ${words}; "
      "got ${code}:\n${text}")
  endif()
endfunction()
foreach(engine user kernel)
  explore(points ${engine} all 0 "clean: ")
  explore(points ${engine} wrong 1 "CRASH by SIGABRT.*replays 10/10")
  explore(thread ${engine} followed 0 "clean: ")
  explore(thread ${engine} wrong 1 "RACE on .*count")
endforeach()
