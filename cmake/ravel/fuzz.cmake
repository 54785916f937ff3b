# SPDX-License-Identifier: MIT
# ravel_add_fuzz_test: a fuzz target (ravel/fuzz.hpp), as CTest lanes and for libFuzzer.
#
#   ravel_add_fuzz_test(cache_fuzz
#     SOURCES cache_fuzz.cpp                  # with one RAVEL_FUZZ_API or RAVEL_FUZZ_BODY
#     LINK session_cache                      # your targets; cloned with each variant's flags, as ravel_add_test does
#     [VARIANTS address points thread]        # all of these if not said
#     [CORPUS folder]                         # inputs that are kept
#     [SECONDS n]                             # of the short session, 5 if not said
#     [LABELS ...])
#
# CTest: cache_fuzz.corpus.<variant> replays the corpus, cache_fuzz.fuzz.<variant> is a short session of random inputs;
# both run cache_fuzz.<variant>, which needs no libFuzzer and is there with every compiler.
# cache_fuzz_<variant> is for libFuzzer: where the compiler has one, or $LIB_FUZZING_ENGINE says what to link.
# A variant fuzzer_<variant> is the same code with coverage.

function(ravel_add_fuzz_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS;SECONDS" "SOURCES;LINK;VARIANTS;LABELS")
  _ravel_check_fuzz_arguments()
  if(DEFINED BUILD_TESTING AND NOT BUILD_TESTING)
    message(STATUS "Ravel: ${name} is left out, because BUILD_TESTING is off")
    return()
  endif()
  list(TRANSFORM arg_VARIANTS PREPEND explore. OUTPUT_VARIABLE lanes)
  _ravel_wanted_lanes(${name} "${lanes}" lanes)
  set(variants "")
  _ravel_fuzzing_engine(engine)
  foreach(lane IN LISTS lanes)
    _ravel_variant_of(${lane} variant)
    list(APPEND variants ${variant})
    if(variant STREQUAL "address")
      set_property(TARGET ravel_lanes PROPERTY RAVEL_EXPLORES_ADDRESS ON)
    endif()
    _ravel_fuzz_executable(${name}.${variant} ${variant} Ravel::fuzz)
    _ravel_canary(${lane} canary)
    add_dependencies(${name}.${variant} ${canary})
    _ravel_add_fuzz_lanes(${name} ${variant} ${lane})
    if(engine)
      _ravel_fuzz_executable(${name}_${variant} fuzzer_${variant} Ravel::libfuzzer)
      target_link_options(${name}_${variant} PRIVATE ${engine})
    endif()
  endforeach()
  foreach(variant IN LISTS variants)
    cmake_language(EVAL CODE "cmake_language(DEFER CALL _ravel_survey_executable [[${name}.${variant}]])")
    if(engine)
      cmake_language(EVAL CODE "cmake_language(DEFER CALL _ravel_survey_executable [[${name}_${variant}]])")
    endif()
  endforeach()
  _ravel_schedule()
endfunction()

# Reads and sets the caller's arg_*.
macro(_ravel_check_fuzz_arguments)
  set(_ravel_usage "ravel_add_fuzz_test(${name} SOURCES <file>... LINK <target>... [VARIANTS address points thread] [CORPUS \
<folder>] [SECONDS n] [LABELS ...])")
  if(NOT "${name}" MATCHES "^[A-Za-z0-9_-]+$")
    message(FATAL_ERROR "ravel_add_fuzz_test(${name}): the name may hold letters, digits, _ and - only, which is what services \
that fuzz want. Write for example: ravel_add_fuzz_test(cache_fuzz ...)")
  endif()
  if(NOT "${arg_UNPARSED_ARGUMENTS}" STREQUAL "" OR NOT "${arg_KEYWORDS_MISSING_VALUES}" STREQUAL "")
    message(FATAL_ERROR "ravel_add_fuzz_test(${name}): cannot use \"${arg_UNPARSED_ARGUMENTS}${arg_KEYWORDS_MISSING_VALUES}\". \
Write: ${_ravel_usage}")
  endif()
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "ravel_add_fuzz_test(${name}): there are no SOURCES. Write: ${_ravel_usage}")
  endif()
  if(NOT arg_VARIANTS)
    set(arg_VARIANTS address points thread)
  endif()
  foreach(_ravel_variant IN LISTS arg_VARIANTS)
    if(NOT _ravel_variant MATCHES "^(plain|address|points|thread)$")
      message(FATAL_ERROR "ravel_add_fuzz_test(${name}): VARIANTS ${_ravel_variant}: there is no such variant. Write some of address \
points thread plain")
    endif()
  endforeach()
  if(arg_SECONDS AND NOT arg_SECONDS MATCHES "^[0-9]+$")
    message(FATAL_ERROR "ravel_add_fuzz_test(${name}): SECONDS ${arg_SECONDS}: write whole seconds, e.g. SECONDS 10")
  endif()
  if(NOT arg_SECONDS)
    set(arg_SECONDS 5)
  endif()
  if(arg_CORPUS)
    get_filename_component(arg_CORPUS "${arg_CORPUS}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    if(NOT IS_DIRECTORY "${arg_CORPUS}")
      message(FATAL_ERROR "ravel_add_fuzz_test(${name}): CORPUS ${arg_CORPUS} is no folder. Make it, if there is nothing in it yet: \
a folder without inputs is one, too.")
    endif()
  endif()
endmacro()

function(_ravel_fuzz_executable executable variant adapter)
  _ravel_tree_variant(whole_tree)
  add_executable(${executable} ${arg_SOURCES})
  _ravel_compile_as(${executable} ${variant})
  set_target_properties(${executable} PROPERTIES
    RAVEL_VARIANT ${variant} RAVEL_LINK "${arg_LINK}" RAVEL_ADAPTER ${adapter}
    RAVEL_WHOLE_TREE "${whole_tree}" RAVEL_UNINSTRUMENTED "")
  set_property(GLOBAL APPEND PROPERTY RAVEL_EXECUTABLES ${executable})
endfunction()

function(_ravel_add_fuzz_lanes name variant lane)
  get_property(canary_status GLOBAL PROPERTY RAVEL_CANARY_STATUS_${lane})
  set(executable $<TARGET_FILE:${name}.${variant}>)
  set(inputs /dev/null)
  set(start "")
  if(arg_CORPUS)
    set(inputs "${arg_CORPUS}")
    set(start --corpus "${arg_CORPUS}")
  endif()
  add_test(NAME ${name}.corpus.${variant} COMMAND ${executable} ${inputs})
  add_test(NAME ${name}.fuzz.${variant} COMMAND ${executable} ${start} --seconds ${arg_SECONDS})
  foreach(test ${name}.corpus.${variant} ${name}.fuzz.${variant})
    set_tests_properties(${test} PROPERTIES
      ENVIRONMENT "RAVEL_LANE=${test};RAVEL_VARIANT=${variant};RAVEL_BUILD_DIR=${CMAKE_BINARY_DIR};RAVEL_CANARY_STATUS=${canary_status};\
RAVEL_UNINSTRUMENTED=$<TARGET_PROPERTY:${name}.${variant},RAVEL_UNINSTRUMENTED>"
      TIMEOUT 300
      SKIP_RETURN_CODE 77
      FIXTURES_REQUIRED ravel_canary_${lane}
      LABELS "ravel;fuzz;${variant};${arg_LABELS}")
  endforeach()
endfunction()

# What to link for libFuzzer; "": there is none.
function(_ravel_fuzzing_engine out)
  set(engine "")
  if(DEFINED ENV{LIB_FUZZING_ENGINE} AND NOT "$ENV{LIB_FUZZING_ENGINE}" STREQUAL "")
    separate_arguments(engine UNIX_COMMAND "$ENV{LIB_FUZZING_ENGINE}")
  elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    include(CheckCXXSourceCompiles)
    set(CMAKE_REQUIRED_FLAGS -fsanitize=fuzzer)
    set(CMAKE_REQUIRED_QUIET ON)
    check_cxx_source_compiles(
      "extern \"C\" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }" RAVEL_HAS_LIBFUZZER)
    if(RAVEL_HAS_LIBFUZZER)
      set(engine -fsanitize=fuzzer)
    endif()
  endif()
  if(NOT engine)
    get_property(is_told GLOBAL PROPERTY RAVEL_TOLD_OF_LIBFUZZER)
    if(NOT is_told)
      message(STATUS "Ravel: this compiler has no libFuzzer, so fuzz targets have their CTest lanes only (Debian: clang-19 with \
libclang-rt-19-dev)")
      set_property(GLOBAL PROPERTY RAVEL_TOLD_OF_LIBFUZZER ON)
    endif()
  endif()
  set(${out} "${engine}" PARENT_SCOPE)
endfunction()
