# SPDX-License-Identifier: MIT
# The lanes of both Catch2 consumers: one fault, one body, a lane or two that find it.
set(bodies "${CMAKE_CURRENT_LIST_DIR}/bodies")
ravel_add_test(race SOURCES ${bodies}/race.cpp LINK session_cache LANES stress.thread explore.thread ROUNDS 50 EXECUTIONS 200)
ravel_add_test(leak SOURCES ${bodies}/leak.cpp LINK session_cache LANES stress.plain ROUNDS 50)
ravel_add_test(inversion SOURCES ${bodies}/inversion.cpp LINK session_cache LANES stress.plain explore.points ROUNDS 50
  EXECUTIONS 200)
ravel_add_test(memory SOURCES ${bodies}/memory.cpp LINK session_cache LANES stress.address ROUNDS 50)
