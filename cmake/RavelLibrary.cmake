# SPDX-License-Identifier: MIT
# ravel_library(<room> ...): one library of Ravel's own, compiled once and without any sanitizer.
# It is linked into every variant, so it must not carry instrumentation, not even where the whole tree is configured
# with a sanitizer: its own flags come last and switch all of that off again. Used only inside Ravel.

# A quarter of the time of one file at a time, which is for work on Ravel itself: each file then has to include what it uses.
option(RAVEL_UNITY_BUILD "Compile each folder of Ravel's own libraries at once" ON)

# ravel_library(<name> [SOURCES <file>...] [HEADER_BASE <folder> HEADERS <file>...])
# makes the target ravel_<name>, its alias Ravel::<name>, and its own public header file set.
function(ravel_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER_BASE" "SOURCES;HEADERS")
  set(target ravel_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC)
    set(scope PUBLIC)
    target_sources(${target} PRIVATE ${arg_SOURCES})
    # Lines and inlined functions, but for work on Ravel itself: every process that tells of a finding has a symboliser
    # read it all, which takes clang's programs some tenths of a second.
    target_compile_options(${target} PRIVATE
      -fno-sanitize=all -O2 $<IF:$<CONFIG:Debug>,-g,-g1> $<$<CXX_COMPILER_ID:Clang>:-fdebug-default-version=4>
      -fno-omit-frame-pointer -fno-stack-protector
      $<$<BOOL:${PROJECT_IS_TOP_LEVEL}>:-Wall> $<$<BOOL:${PROJECT_IS_TOP_LEVEL}>:-Wextra>)
    set_target_properties(${target} PROPERTIES
      POSITION_INDEPENDENT_CODE ON
      CXX_VISIBILITY_PRESET hidden
      VISIBILITY_INLINES_HIDDEN ON
      # Inlining across libraries would carry this code into instrumented callers.
      INTERPROCEDURAL_OPTIMIZATION OFF
      # Whatever a consumer's tree says for its own.
      UNITY_BUILD "${RAVEL_UNITY_BUILD}"
      UNITY_BUILD_BATCH_SIZE 12)
    # A folder's files together, so that the objects of each layer stay apart (tests/cmake/rooms).
    set(folders "")
    foreach(source IN LISTS arg_SOURCES)
      get_filename_component(folder "${source}" ABSOLUTE)
      get_filename_component(folder "${folder}" DIRECTORY)
      file(RELATIVE_PATH folder "${CMAKE_CURRENT_SOURCE_DIR}/src" "${folder}")
      list(APPEND folders "${folder}")
      string(REPLACE "/" "_" folder "${folder}")
      set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${folder}")
    endforeach()
    list(REMOVE_DUPLICATES folders)
    list(LENGTH folders folder_count)
    if(folder_count GREATER 1)
      set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
    endif()
    # Calls that sanitizers intercept, some of them made by the compiler alone: see harness/src/base/memory_calls.cpp.
    if(NOT CMAKE_OBJCOPY)
      message(FATAL_ERROR "Ravel needs objcopy to build (Debian: binutils)")
    endif()
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM COMMAND "${CMAKE_OBJCOPY}"
      --redefine-sym memset=ravel_memset --redefine-sym memcpy=ravel_memcpy --redefine-sym memmove=ravel_memmove
      --redefine-sym memcmp=ravel_memcmp --redefine-sym bcmp=ravel_bcmp "$<TARGET_FILE:${target}>")
    # Calls that Ravel intercepts, where it makes them itself: see harness/src/base/loader_calls.cpp.
    if(NOT name STREQUAL intercept)
      add_custom_command(TARGET ${target} POST_BUILD VERBATIM COMMAND "${CMAKE_OBJCOPY}"
        --redefine-sym dlopen=ravel_dlopen --redefine-sym dlsym=ravel_dlsym --redefine-sym dladdr=ravel_dladdr
        --redefine-sym dl_iterate_phdr=ravel_dl_iterate_phdr "$<TARGET_FILE:${target}>")
    endif()
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(Ravel::${name} ALIAS ${target})
  target_compile_features(${target} ${scope} cxx_std_20)
  # RAVEL_OWN: never cloned by ravel_add_test.
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} RAVEL_OWN ON)
  if(arg_HEADER_BASE)
    target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS "${arg_HEADER_BASE}" FILES ${arg_HEADERS})
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL})
  endif()
endfunction()
