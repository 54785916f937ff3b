# SPDX-License-Identifier: MIT
# Install rules: a relocatable package, found by find_package(Ravel 1 REQUIRED).
# The rooms' header sets are merged into one include folder. Ravel::catch2 has an export file of its own, because it
# can be offered only where the Catch2 it was built against is found again.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Ravel")

set(core ravel_annotate ravel_harness ravel_core ravel_checks ravel_fixtures)
foreach(optional ravel_intercept ravel_points ravel_thread_points ravel_address_points ravel_program ravel_fuzz ravel_libfuzzer
  ravel_json ravel_names)
  if(TARGET ${optional})
    list(APPEND core ${optional})
  endif()
endforeach()
foreach(target IN LISTS core)
  get_target_property(header_sets ${target} INTERFACE_HEADER_SETS)
  if(header_sets)
    install(TARGETS ${target} EXPORT RavelTargets FILE_SET HEADERS)
  else()
    install(TARGETS ${target} EXPORT RavelTargets RUNTIME DESTINATION "${CMAKE_INSTALL_LIBEXECDIR}/ravel")
  endif()
endforeach()
install(EXPORT RavelTargets NAMESPACE Ravel:: DESTINATION "${package_dir}")

if(TARGET ravel_catch2)
  install(TARGETS ravel_catch2 EXPORT RavelCatch2Targets FILE_SET HEADERS)
  install(EXPORT RavelCatch2Targets NAMESPACE Ravel:: DESTINATION "${package_dir}")
endif()

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/RavelConfig.cmake.in" "${CMAKE_CURRENT_BINARY_DIR}/RavelConfig.cmake"
  INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/RavelConfigVersion.cmake" COMPATIBILITY SameMajorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/RavelConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/RavelConfigVersion.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/RavelTest.cmake" DESTINATION "${package_dir}")
install(DIRECTORY "${CMAKE_CURRENT_LIST_DIR}/ravel" "${CMAKE_CURRENT_LIST_DIR}/canary" "${CMAKE_CURRENT_LIST_DIR}/suppressions"
  DESTINATION "${package_dir}")
install(DIRECTORY "${CMAKE_CURRENT_LIST_DIR}/ci" DESTINATION "${CMAKE_INSTALL_DATADIR}/ravel")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/CMakePresets.json" DESTINATION "${CMAKE_INSTALL_DATADIR}/ravel")
file(GLOB schema CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/harness/src/adapters/json/schema.*")
install(FILES ${schema} DESTINATION "${CMAKE_INSTALL_DATADIR}/ravel")
