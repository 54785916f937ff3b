# SPDX-License-Identifier: MIT
# Variants: how code is compiled. plain; points (TSan's instrumentation, Ravel's runtime); thread (TSan); address (ASan,
# UBSan, LSan). Every variant keeps frame pointers
# and debug information, because Ravel walks stacks and names source lines.
# Sanitizers go on after an error (-fsanitize-recover), so that one trial's finding does not end the others.

# What is known of all lanes when everything has been configured; for generator expressions.
if(NOT TARGET ravel_lanes)
  add_library(ravel_lanes INTERFACE)
endif()

# ASan's checks as calls, which can be points: only where a lane explore.address is asked for, because it makes the code
# 1.7 times slower with gcc 12, 1.3 times with clang 19 (sorting and maps).
function(_ravel_outlined_checks out)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    set(${out} "-mllvm -asan-instrumentation-with-call-threshold=0" "-mllvm -asan-opt=0" PARENT_SCOPE)
  else()
    set(${out} "--param asan-instrumentation-with-call-threshold=0" PARENT_SCOPE)
  endif()
endfunction()

# Findings need lines and inlined functions (-g1 at least): -g, where the flags of the build say nothing of that kind.
function(_ravel_debug_flag out)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  set(${out} -g PARENT_SCOPE)
  if("${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}} " MATCHES "(^| )-g(gdb)?[1-3]? ")
    set(${out} "" PARENT_SCOPE)
  endif()
endfunction()

# Flags of the compiler.
function(_ravel_variant_flags variant out)
  _ravel_debug_flag(debug)
  set(flags ${debug} -fno-omit-frame-pointer)
  if(variant MATCHES "^fuzzer_(.*)$")  # the variant with coverage for libFuzzer: see fuzz.cmake
    set(variant ${CMAKE_MATCH_1})
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      list(APPEND flags -fsanitize=fuzzer-no-link)
    endif()
  endif()
  if(variant STREQUAL "plain" AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # Valgrind 3.19 stops at forms of DWARF 5 that clang writes.
    list(APPEND flags -fdebug-default-version=4)  # -gdwarf-4 would undo a -g1
  elseif(variant MATCHES "^(thread|points)$")
    list(APPEND flags -fsanitize=thread)
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      # Else clang leaves out the read of x++, and nothing could come between it and the write.
      list(APPEND flags "SHELL:-mllvm -tsan-instrument-read-before-write=1")
    else()
      # gcc warns of atomic_thread_fence, which its runtime does not follow; Ravel does (points/wraps/fences.hpp).
      list(APPEND flags -Wno-tsan)
    endif()
  elseif(variant STREQUAL "address")
    list(APPEND flags -fsanitize=address,undefined -fsanitize-recover=address,undefined)
    _ravel_outlined_checks(outlined)
    foreach(flag IN LISTS outlined)
      list(APPEND flags "$<$<BOOL:$<TARGET_PROPERTY:ravel_lanes,RAVEL_EXPLORES_ADDRESS>>:SHELL:${flag}>")
    endforeach()
  endif()
  set(${out} ${flags} PARENT_SCOPE)
endfunction()

# Flags of the linker. points is linked without TSan's runtime: Ravel::points takes its place. In thread the calls of
# the instrumentation pass through Ravel::thread_points on their way to the runtime, in address through
# Ravel::address_points.
function(_ravel_variant_link_flags variant out)
  get_property(cmake_dir GLOBAL PROPERTY RAVEL_CMAKE_DIR)
  string(REGEX REPLACE "^fuzzer_" "" variant "${variant}")
  set(flags "")
  if(variant STREQUAL "thread")
    set(flags -fsanitize=thread "-Wl,@${cmake_dir}/ravel/thread_wraps.txt")
  elseif(variant STREQUAL "address")
    set(flags -fsanitize=address,undefined "-Wl,@${cmake_dir}/ravel/address_wraps.txt")
  endif()
  set(${out} ${flags} PARENT_SCOPE)
endfunction()

# Ravel's own library that a variant's executables need beside the harness, or "". Whole, because what calls into it may
# come later on the link line.
function(_ravel_variant_library variant out)
  string(REGEX REPLACE "^fuzzer_" "" variant "${variant}")
  set(library "")
  if(variant STREQUAL "points")
    set(library $<LINK_LIBRARY:WHOLE_ARCHIVE,Ravel::points>)
  elseif(variant STREQUAL "thread")
    set(library $<LINK_LIBRARY:WHOLE_ARCHIVE,Ravel::thread_points>)
  elseif(variant STREQUAL "address")
    set(library $<LINK_LIBRARY:WHOLE_ARCHIVE,Ravel::address_points>)
  endif()
  set(${out} "${library}" PARENT_SCOPE)
endfunction()

# The variant that a lane runs: Valgrind's tools run plain code.
function(_ravel_variant_of lane out)
  string(REGEX REPLACE "^[a-z]+\\." "" kind "${lane}")
  if(kind MATCHES "^(memcheck|helgrind|drd)$")
    set(kind plain)
  endif()
  set(${out} ${kind} PARENT_SCOPE)
endfunction()

function(_ravel_compile_as target variant)
  _ravel_variant_flags(${variant} flags)
  _ravel_variant_link_flags(${variant} link_flags)
  target_compile_options(${target} PRIVATE ${flags})
  target_link_options(${target} PRIVATE ${link_flags})
endfunction()

# The sanitizer that the whole tree is built with already, as the variant it makes: "thread", "address" or "".
# Looks where users put such flags: CMAKE_CXX_FLAGS, those of the build type, add_compile_options.
function(_ravel_tree_variant out)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
  get_directory_property(options COMPILE_OPTIONS)
  set(all "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}} ${options}")
  set(found "")
  if(all MATCHES "-fsanitize=[a-z,-]*thread")
    set(found thread)
  elseif(all MATCHES "-fsanitize=[a-z,-]*address")
    set(found address)
  elseif(all MATCHES "-fsanitize=([a-z,-]*)memory")
    message(FATAL_ERROR "Ravel: this tree is built with -fsanitize=memory, and no lane can run beside it. "
      "Configure a tree without it for Ravel's tests.")
  endif()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# Of the lanes asked for, those that this build tree can have. The others are named, never dropped in silence.
function(_ravel_wanted_lanes name lanes out)
  foreach(variant IN LISTS RAVEL_VARIANTS)
    if(NOT variant MATCHES "^(plain|points|thread|address)$")
      message(FATAL_ERROR "Ravel: RAVEL_VARIANTS holds \"${variant}\", which is no variant. Write some of plain;points;thread;address, or "
        "leave it empty for all.")
    endif()
  endforeach()
  _ravel_tree_variant(tree)
  set(wanted "")
  set(left_out "")
  foreach(lane IN LISTS lanes)
    _ravel_variant_of(${lane} variant)
    if(tree AND NOT variant STREQUAL tree)
      list(APPEND left_out ${lane})
    elseif(RAVEL_VARIANTS AND NOT variant IN_LIST RAVEL_VARIANTS)
      list(APPEND left_out ${lane})
    else()
      list(APPEND wanted ${lane})
    endif()
  endforeach()
  if(left_out)
    list(JOIN left_out " " text)
    if(tree)
      set(reason "this whole tree is built with the ${tree} sanitizer")
    else()
      set(reason "RAVEL_VARIANTS is \"${RAVEL_VARIANTS}\"")
    endif()
    message(STATUS "Ravel: ${name} has no ${text} here, because ${reason}")
  endif()
  set(${out} "${wanted}" PARENT_SCOPE)
endfunction()
