# PCRE2 for texts of bytes: the target PCRE2::8BIT, the name that PCRE2's own package gives it. Debian 12
# has no such package.
find_path(PCRE2_INCLUDE_DIR pcre2.h)
find_library(PCRE2_8BIT_LIBRARY pcre2-8)
if(PCRE2_INCLUDE_DIR)
    file(STRINGS "${PCRE2_INCLUDE_DIR}/pcre2.h" PCRE2_version_lines REGEX "^#define PCRE2_(MAJOR|MINOR)")
    string(REGEX REPLACE "[^0-9]*2_MAJOR[^0-9]*([0-9]+).*2_MINOR[^0-9]*([0-9]+).*" "\\1.\\2"
        PCRE2_VERSION "${PCRE2_version_lines}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PCRE2
    REQUIRED_VARS PCRE2_8BIT_LIBRARY PCRE2_INCLUDE_DIR VERSION_VAR PCRE2_VERSION)
if(PCRE2_FOUND AND NOT TARGET PCRE2::8BIT)
    add_library(PCRE2::8BIT UNKNOWN IMPORTED)
    set_target_properties(PCRE2::8BIT PROPERTIES
        IMPORTED_LOCATION "${PCRE2_8BIT_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${PCRE2_INCLUDE_DIR}")
endif()
mark_as_advanced(PCRE2_INCLUDE_DIR PCRE2_8BIT_LIBRARY)
