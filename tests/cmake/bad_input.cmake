# SPDX-License-Identifier: MIT
# Every wrong call of ravel_add_test is refused at configure time, in words that say what to write instead.
# Called as: cmake -DSOURCE=... -DBINARY=... -DPREFIX=... -DGENERATOR=... -DCXX=... -P bad_input.cmake
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")

file(REMOVE_RECURSE "${BINARY}")
set(configure ${CMAKE_COMMAND} -S "${SOURCE}" -B "${BINARY}" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${PREFIX}"
  -DCMAKE_CXX_COMPILER=${CXX})
run(output ${configure} -DCASE=good)

function(refuses case pattern)
  run_failing(output ${configure} -DCASE=${case})
  expect_text("${output}" "${pattern}")
endfunction()

refuses(no_sources "ravel_add_test\\(bad\\): there are no SOURCES. Write: SOURCES bad.cpp")
refuses(no_lanes "there are no LANES, so it would test nothing. Write for example: LANES stress.thread")
refuses(unknown_lane "unknown lane \"stress.tread\". Lanes: stress.plain stress.thread stress.address stress.memcheck stress.helgrind stress.drd")
refuses(lane_without_mode "unknown lane \"thread\". Did you mean stress.thread\\?")
refuses(fuzz_lane "lane \"fuzz.address\": this version has no fuzz lanes yet. Lanes: stress.plain")
refuses(fuzz_lane "lane \"fuzz\": this version has no fuzz lanes yet")
refuses(lane_twice "LANES names a lane twice. Write each lane once")
refuses(zero_rounds "ROUNDS 0 cannot be used. Write a whole number of rounds, e.g. ROUNDS 200, greater than zero")
refuses(negative_rounds "ROUNDS -5 cannot be used")
refuses(word_for_seconds "SECONDS ten cannot be used. Write a time in seconds, e.g. SECONDS 10")
refuses(zero_seconds "SECONDS 0.0 cannot be used")
refuses(negative_timeout "TIMEOUT -1 cannot be used. Write CTest's limit for a lane in whole seconds")
refuses(seconds_above_timeout "SECONDS 100 does not fit into TIMEOUT 60: CTest would kill every lane. Make TIMEOUT larger")
refuses(missing_target "LINK names \"godo\", and there is no such target at the end of configure. Write the name that add_library gave it, an imported target \\(Foo::foo, after find_package\\), a path, or -lgodo")
refuses(missing_imported "LINK names \"Foo::foo\", and there is no such target")
refuses(executable "LINK names program, which is no library that can be linked \\(executable\\). Put the code under test into a library")
refuses(visibility_word "LINK takes no PRIVATE. Write the targets only")
refuses(unknown_word "does not know \"program.cpp\". Write: ravel_add_test\\(bad SOURCES")
refuses(word_without_value "ROUNDS: nothing follows")
refuses(name "the name may hold letters, digits")
refuses(name_twice "a test of this name exists already")
refuses(environment "ENVIRONMENT \"NAME\" is no assignment. Write: ENVIRONMENT NAME=value")
refuses(no_testing "testing is not enabled here, so ctest would never see its lanes. Write enable_testing\\(\\) or include\\(CTest\\)")
