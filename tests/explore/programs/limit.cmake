# SPDX-License-Identifier: MIT
# The limits of an execution. Called as: cmake -DACCESSES=... -DTHREADS=... -DOBJECTS=... -DSLEEPER=... -DPOLLER=...
# -DLOADS=...
# (programs) -P limit.cmake
# expect(<code> <words> <program, and its arguments> <variable=value>...)
function(expect code words program)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env RAVEL_MODE=explore ${ARGN} ${program}
    RESULT_VARIABLE got OUTPUT_VARIABLE text ERROR_VARIABLE text TIMEOUT 150)
  if(NOT got EQUAL code OR NOT text MATCHES "${words}")
    message(FATAL_ERROR "${ARGN}: wanted exit code ${code} and ${words}; got ${got}:\n${text}")
  endif()
endfunction()
expect(3 "passed 100000 points.*RAVEL_POINTS" "${ACCESSES}" RAVEL_EXECUTIONS=3 RAVEL_POINTS=100000)
expect(1 "EXITED the program returned 3.*rerun: RAVEL_POINTS=1000000 RAVEL_REPLAY=" "${ACCESSES}"
  RAVEL_EXECUTIONS=200 RAVEL_SECONDS=60 RAVEL_POINTS=1000000)
expect(64 "RAVEL_POINTS=\"many\" cannot be used: write how many points" "${ACCESSES}" RAVEL_POINTS=many)
expect(64 "RAVEL_SPURIOUS_WAKEUPS=\"yes\" cannot be used: write 1 \\(on\\) or 0 \\(off\\)" "${ACCESSES}"
  RAVEL_SPURIOUS_WAKEUPS=yes)
expect(64 "RAVEL_EARLY_TIMEOUT is not known; did you mean RAVEL_EARLY_TIMEOUTS" "${ACCESSES}" RAVEL_EARLY_TIMEOUT=1)

# One that goes on and on: where it was, and how to see it again.
expect(3 "(GIVEN UP|STARVATION) .*poller.cpp.*% of the last steps at.*rerun: RAVEL_POINTS"
  "${POLLER}" RAVEL_EXECUTIONS=1 RAVEL_POINTS=5000)

# Finite, though its steps and values say otherwise.
expect(3 "(GIVEN UP|STARVATION) .*same_loads.cpp" "${LOADS}" RAVEL_EXECUTIONS=3 RAVEL_POINTS=5000)

# For how long a thread may be held up.
expect(0 "clean" "${SLEEPER}" RAVEL_EXECUTIONS=200 RAVEL_HOLD_UP=0)
expect(0 "clean" "${SLEEPER}" RAVEL_EXECUTIONS=200 RAVEL_HOLD_UP=0.0004)
expect(1 "rerun: RAVEL_HOLD_UP=0.001 RAVEL_REPLAY=" "${SLEEPER}" RAVEL_EXECUTIONS=200 RAVEL_HOLD_UP=0.001)
expect(0 "dfs: all schedules within 2 preemptions and hold-ups of 400 us: clean" "${SLEEPER}"
  RAVEL_EXECUTIONS=10000 RAVEL_HOLD_UP=0.0004 RAVEL_STRATEGY=dfs)
expect(1 "CRASH by SIGABRT" "${SLEEPER}" RAVEL_STRATEGY=dfs)
expect(64 "RAVEL_HOLD_UP=\"-1\" cannot be used: write for how many seconds" "${SLEEPER}" RAVEL_HOLD_UP=-1)
expect(64 "RAVEL_HOLDUP is not known; did you mean RAVEL_HOLD_UP" "${SLEEPER}" RAVEL_HOLDUP=1)

# More threads, or more objects, than there is room for are told by these words.
expect(1 "UNCONTROLLED pthread_create: an execution has room for 16384 threads" "${THREADS};17000"
  RAVEL_EXECUTIONS=1 RAVEL_POINTS=1000000)
expect(3 "used more than 1048576 locks, conditions" "${OBJECTS};1060000" RAVEL_EXECUTIONS=1 RAVEL_POINTS=3000000)
