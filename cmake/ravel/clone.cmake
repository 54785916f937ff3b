# SPDX-License-Identifier: MIT
# Cloning: <target>.ravel.<variant> is the user's library once more, with the variant's flags.
# Clones are made in the top directory at the end of configure. What a library has from its own directory (source-file
# properties, CMAKE_CXX_FLAGS, add_compile_definitions) is carried over explicitly.

# Properties that are copied as they stand. LINK_LIBRARIES, SOURCES and the like are rewritten below.
set_property(GLOBAL PROPERTY RAVEL_CLONED_PROPERTIES
  INCLUDE_DIRECTORIES COMPILE_DEFINITIONS COMPILE_OPTIONS COMPILE_FEATURES COMPILE_FLAGS
  LINK_OPTIONS LINK_DIRECTORIES LINK_FLAGS LINK_DEPENDS LINKER_LANGUAGE STATIC_LIBRARY_OPTIONS
  C_STANDARD C_STANDARD_REQUIRED C_EXTENSIONS CXX_STANDARD CXX_STANDARD_REQUIRED CXX_EXTENSIONS
  POSITION_INDEPENDENT_CODE C_VISIBILITY_PRESET CXX_VISIBILITY_PRESET VISIBILITY_INLINES_HIDDEN DEFINE_SYMBOL
  ENABLE_EXPORTS WINDOWS_EXPORT_ALL_SYMBOLS NO_SYSTEM_FROM_IMPORTED
  PRECOMPILE_HEADERS DISABLE_PRECOMPILE_HEADERS PCH_INSTANTIATE_TEMPLATES PCH_WARN_INVALID
  UNITY_BUILD UNITY_BUILD_MODE UNITY_BUILD_BATCH_SIZE UNITY_BUILD_CODE_BEFORE_INCLUDE UNITY_BUILD_CODE_AFTER_INCLUDE
  AUTOMOC AUTOUIC AUTORCC AUTOMOC_MOC_OPTIONS AUTOUIC_OPTIONS AUTORCC_OPTIONS
  INTERFACE_INCLUDE_DIRECTORIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES INTERFACE_COMPILE_DEFINITIONS
  INTERFACE_COMPILE_OPTIONS INTERFACE_COMPILE_FEATURES INTERFACE_LINK_OPTIONS INTERFACE_LINK_DIRECTORIES
  INTERFACE_LINK_DEPENDS INTERFACE_PRECOMPILE_HEADERS INTERFACE_POSITION_INDEPENDENT_CODE INTERFACE_AUTOUIC_OPTIONS
  COMPATIBLE_INTERFACE_BOOL COMPATIBLE_INTERFACE_STRING COMPATIBLE_INTERFACE_NUMBER_MAX COMPATIBLE_INTERFACE_NUMBER_MIN
  LINK_INTERFACE_MULTIPLICITY BUILD_RPATH INSTALL_RPATH BUILD_WITH_INSTALL_RPATH)

function(_ravel_clone target variant out)
  set(clone ${target}.ravel.${variant})
  set(${out} ${clone} PARENT_SCOPE)
  if(TARGET ${clone})
    return()
  endif()
  get_target_property(type ${target} TYPE)
  string(REPLACE "_LIBRARY" "" kind ${type})
  if(kind STREQUAL "INTERFACE")
    add_library(${clone} INTERFACE)
  else()
    add_library(${clone} ${kind} EXCLUDE_FROM_ALL)
    set_target_properties(${clone} PROPERTIES
      ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/ravel/${variant}"
      LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/ravel/${variant}")
  endif()
  _ravel_fill_clone(${target} ${clone} ${kind} ${variant})
endfunction()

# Makes an empty target of the same kind what the original is. kind: STATIC, SHARED, MODULE, OBJECT, INTERFACE or EXECUTABLE.
function(_ravel_fill_clone target clone kind variant)
  get_target_property(directory ${target} SOURCE_DIR)
  set_property(TARGET ${clone} PROPERTY RAVEL_SOURCE_DIR "${directory}")
  # Set before the links are followed: static libraries may link in a circle.
  set_property(TARGET ${clone} PROPERTY RAVEL_MISSING "")

  get_property(names GLOBAL PROPERTY RAVEL_CLONED_PROPERTIES)
  foreach(name IN LISTS names)
    get_property(is_set TARGET ${target} PROPERTY ${name} SET)
    if(is_set)
      get_property(value TARGET ${target} PROPERTY ${name})
      set_property(TARGET ${clone} PROPERTY ${name} "${value}")
    elseif(kind STREQUAL "INTERFACE" OR name MATCHES "^INTERFACE_")
      continue()
    else()
      set_property(TARGET ${clone} PROPERTY ${name})
    endif()
  endforeach()
  _ravel_clone_sources(${target} ${clone} "${directory}" ${variant})
  if(NOT kind STREQUAL "INTERFACE")
    _ravel_clone_flags(${target} ${clone} "${directory}" ${variant} ${kind})
  endif()

  get_target_property(dependencies ${target} MANUALLY_ADDED_DEPENDENCIES)
  if(dependencies)
    add_dependencies(${clone} ${dependencies})
  endif()

  set(missing "")
  foreach(name LINK_LIBRARIES INTERFACE_LINK_LIBRARIES INTERFACE_LINK_LIBRARIES_DIRECT INTERFACE_LINK_LIBRARIES_DIRECT_EXCLUDE)
    get_property(value TARGET ${target} PROPERTY ${name})
    if(NOT value STREQUAL "")
      _ravel_rewrite_links("${value}" "${directory}" ${variant} value below)
      set_property(TARGET ${clone} PROPERTY ${name} "${value}")
      list(APPEND missing ${below})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES missing)
  set_property(TARGET ${clone} PROPERTY RAVEL_MISSING "${missing}")
endfunction()

# The variant's flags come last, after what the target, its directory and CMAKE_CXX_FLAGS there say.
function(_ravel_clone_flags target clone directory variant kind)
  _ravel_variant_flags(${variant} flags)
  _ravel_variant_link_flags(${variant} link_flags)
  get_property(options TARGET ${clone} PROPERTY COMPILE_OPTIONS)
  get_property(link_options TARGET ${clone} PROPERTY LINK_OPTIONS)
  if("${options};${link_options}" MATCHES "-fsanitize=")
    message(STATUS "Ravel: ${clone} leaves out the -fsanitize flags of ${target}; the variant sets its own")
    string(REGEX REPLACE "-fsanitize=[a-z,-]+" "" options "${options}")
    string(REGEX REPLACE "-fsanitize=[a-z,-]+" "" link_options "${link_options}")
  endif()

  set(from_directory "")
  string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
  foreach(language C CXX)
    foreach(variable CMAKE_${language}_FLAGS CMAKE_${language}_FLAGS_${build_type})
      get_directory_property(value DIRECTORY "${directory}" DEFINITION ${variable})
      string(FIND "${value}" "${${variable}}" start)
      if(start EQUAL 0)
        string(LENGTH "${${variable}}" length)
        string(SUBSTRING "${value}" ${length} -1 value)
      endif()
      string(STRIP "${value}" value)
      if(NOT value STREQUAL "")
        list(APPEND from_directory "$<$<COMPILE_LANGUAGE:${language}>:SHELL:${value}>")
      endif()
    endforeach()
  endforeach()
  if(NOT directory STREQUAL CMAKE_SOURCE_DIR)
    get_property(definitions DIRECTORY "${directory}" PROPERTY COMPILE_DEFINITIONS)
    get_property(top_definitions DIRECTORY "${CMAKE_SOURCE_DIR}" PROPERTY COMPILE_DEFINITIONS)
    list(REMOVE_ITEM definitions ${top_definitions} "")
    set_property(TARGET ${clone} APPEND PROPERTY COMPILE_DEFINITIONS ${definitions})
  endif()

  # A library may bring options for the sanitizers: see checks/CMakeLists.txt.
  set_property(TARGET ${clone} APPEND PROPERTY
    COMPILE_DEFINITIONS $<TARGET_PROPERTY:Ravel::checks,INTERFACE_COMPILE_DEFINITIONS>)

  # -Wno-error: sanitizers bring warnings of their own (gcc's -Wtsan), and the original has been built with the user's.
  set_property(TARGET ${clone} PROPERTY COMPILE_OPTIONS ${from_directory} ${options} ${flags} -Wno-error)
  if(kind STREQUAL "SHARED")
    # clang links the sanitizer's runtime into executables only, so -z defs cannot hold.
    list(APPEND link_flags -Wl,-z,undefs)
  endif()
  set_property(TARGET ${clone} PROPERTY LINK_OPTIONS ${link_options} ${link_flags})

  get_target_property(reused ${target} PRECOMPILE_HEADERS_REUSE_FROM)
  if(reused)
    get_property(headers TARGET ${reused} PROPERTY PRECOMPILE_HEADERS)
    set_property(TARGET ${clone} PROPERTY PRECOMPILE_HEADERS "${headers}")
  endif()
endfunction()

# Sources with full paths. Generated ones are made by the original's rule, so the clone waits for the original.
function(_ravel_clone_sources target clone directory variant)
  get_target_property(binary_dir ${target} BINARY_DIR)
  foreach(name SOURCES INTERFACE_SOURCES)
    get_property(value TARGET ${target} PROPERTY ${name})
    set(sources "")
    foreach(source IN LISTS value)
      if(source MATCHES "TARGET_OBJECTS:")
        _ravel_rewrite_links("${source}" "${directory}" ${variant} source missing)
      endif()
      # A path, or the last part of a generator expression that holds one.
      if(source MATCHES "^(.*[>:,])?([^<>:,$]+)(>*)$")
        set(before "${CMAKE_MATCH_1}")
        set(path "${CMAKE_MATCH_2}")
        set(after "${CMAKE_MATCH_3}")
        if(NOT IS_ABSOLUTE "${path}" AND EXISTS "${directory}/${path}")
          set(source "${before}${directory}/${path}${after}")
        elseif(NOT IS_ABSOLUTE "${path}" AND before STREQUAL "" AND after STREQUAL "")
          set(source "${binary_dir}/${path}")
        endif()
      endif()
      if(source MATCHES "(/[^<>:,$]+)>*$")
        _ravel_clone_source_properties("${CMAKE_MATCH_1}" "${directory}" is_generated)
        if(is_generated)
          add_dependencies(${clone} ${target})
        endif()
      endif()
      list(APPEND sources "${source}")
    endforeach()
    if(sources)
      set_property(TARGET ${clone} PROPERTY ${name} "${sources}")
    endif()
  endforeach()
endfunction()

# Source-file properties belong to a directory. Two directories may compile one file differently, so what is copied to the
# top directory applies only to clones that come from this one.
function(_ravel_clone_source_properties source directory out_is_generated)
  get_property(is_generated SOURCE "${source}" DIRECTORY "${directory}" PROPERTY GENERATED)
  set(${out_is_generated} "${is_generated}" PARENT_SCOPE)
  get_property(done GLOBAL PROPERTY "RAVEL_SOURCE ${directory} ${source}")
  if(done OR directory STREQUAL CMAKE_SOURCE_DIR)
    return()
  endif()
  set_property(GLOBAL PROPERTY "RAVEL_SOURCE ${directory} ${source}" ON)
  foreach(name COMPILE_DEFINITIONS COMPILE_OPTIONS INCLUDE_DIRECTORIES COMPILE_FLAGS)
    get_property(value SOURCE "${source}" DIRECTORY "${directory}" PROPERTY ${name})
    if(name STREQUAL "COMPILE_FLAGS" AND value)
      # The same as options, but one text.
      set(name COMPILE_OPTIONS)
      separate_arguments(value UNIX_COMMAND "${value}")
    endif()
    foreach(item IN LISTS value)
      set_property(SOURCE "${source}" APPEND PROPERTY ${name}
        "$<$<STREQUAL:$<TARGET_PROPERTY:RAVEL_SOURCE_DIR>,${directory}>:${item}>")
    endforeach()
  endforeach()
  foreach(name LANGUAGE GENERATED HEADER_FILE_ONLY EXTERNAL_OBJECT OBJECT_DEPENDS SKIP_PRECOMPILE_HEADERS
          SKIP_UNITY_BUILD_INCLUSION SKIP_AUTOMOC SKIP_AUTOUIC SKIP_AUTOGEN UNITY_GROUP)
    get_property(value SOURCE "${source}" DIRECTORY "${directory}" PROPERTY ${name})
    if(value)
      set_property(SOURCE "${source}" PROPERTY ${name} "${value}")
    endif()
  endforeach()
endfunction()
