# What `cmake --install` puts where: the command (component "command"), the libraries with headers
# and the CMake package ("development"), the documents ("documents"). The tree may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(upstream_lint_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/nginx-upstream-lint")

set(upstream_lint_needs_private TRUE)
get_target_property(upstream_lint_library_type nginx-upstream-lint-core TYPE)
if(upstream_lint_library_type STREQUAL "SHARED_LIBRARY")
    # A shared library brings along what it links privately.
    set(upstream_lint_needs_private FALSE)
endif()

install(TARGETS nginx-upstream-lint-core nginx-upstream-lint-host
    EXPORT nginx-upstream-lint-targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT command NAMELINK_COMPONENT development
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/upstream_lint"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development
    FILES_MATCHING PATTERN "*.hpp")
install(FILES "${PROJECT_BINARY_DIR}/include/upstream_lint/version.hpp"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/upstream_lint" COMPONENT development)

install(EXPORT nginx-upstream-lint-targets
    NAMESPACE nginx-upstream-lint::
    DESTINATION "${upstream_lint_package_dir}" COMPONENT development)
configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/cmake/nginx-upstream-lint-config.cmake.in"
    "${PROJECT_BINARY_DIR}/nginx-upstream-lint-config.cmake"
    INSTALL_DESTINATION "${upstream_lint_package_dir}"
    NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may break what links it.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/nginx-upstream-lint-config-version.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES
    "${PROJECT_BINARY_DIR}/nginx-upstream-lint-config.cmake"
    "${PROJECT_BINARY_DIR}/nginx-upstream-lint-config-version.cmake"
    "${PROJECT_SOURCE_DIR}/cmake/FindPCRE2.cmake"
    DESTINATION "${upstream_lint_package_dir}" COMPONENT development)

if(TARGET nginx-upstream-lint)
    file(RELATIVE_PATH upstream_lint_libraries_from_command
        "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
    set_target_properties(nginx-upstream-lint PROPERTIES
        INSTALL_RPATH "$<$<STREQUAL:${upstream_lint_library_type},SHARED_LIBRARY>:$ORIGIN/${upstream_lint_libraries_from_command}>")
    install(TARGETS nginx-upstream-lint
        RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT command)
endif()
set_target_properties(nginx-upstream-lint-host PROPERTIES
    INSTALL_RPATH "$<$<STREQUAL:${upstream_lint_library_type},SHARED_LIBRARY>:$ORIGIN>")

install(FILES
    "${PROJECT_SOURCE_DIR}/README.md"
    "${PROJECT_SOURCE_DIR}/CHANGELOG.md"
    "${PROJECT_SOURCE_DIR}/LICENSE"
    DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT documents)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/"
    DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT documents)
