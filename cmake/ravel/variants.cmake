# SPDX-License-Identifier: MIT
# Variants: how code is compiled. plain; thread (TSan); address (ASan, UBSan, LSan). Every variant keeps frame pointers
# and debug information, because Ravel walks stacks and names source lines.
# Sanitizers go on after an error (-fsanitize-recover), so that one trial's finding does not end the others.

function(_ravel_variant_flags variant out)
  set(flags -g -fno-omit-frame-pointer)
  if(variant STREQUAL "plain" AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # Valgrind 3.19 stops at forms of DWARF 5 that clang writes.
    list(APPEND flags -gdwarf-4)
  elseif(variant STREQUAL "thread")
    list(APPEND flags -fsanitize=thread)
  elseif(variant STREQUAL "address")
    list(APPEND flags -fsanitize=address,undefined -fsanitize-recover=address,undefined)
  endif()
  set(${out} ${flags} PARENT_SCOPE)
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
  target_compile_options(${target} PRIVATE ${flags})
  target_link_options(${target} PRIVATE ${flags})
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
    if(NOT variant MATCHES "^(plain|thread|address)$")
      message(FATAL_ERROR "Ravel: RAVEL_VARIANTS holds \"${variant}\", which is no variant. Write some of plain;thread;address, or "
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
